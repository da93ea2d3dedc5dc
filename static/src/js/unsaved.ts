// Edits that the server turned down, because they are too large or may not be made: what
// was typed is kept, and the page says so until the person sends it again or lets it go.
import { byId, el, icon, on } from './dom';
import type { Edit } from './save';

let turned: Edit[] = [];

/** The edits that are kept. */
export const unsaved = (): readonly Edit[] => turned;

/** Keeps an edit, and says why the server did not take it. */
export function keepUnsaved(edit: Edit, why: string) {
  turned.push(edit);
  draw(why);
}

/** Forgets the edits that a new one stands in for. */
export function supersede(same: (e: Edit) => boolean) {
  const left = turned.filter(e => !same(e));
  if (left.length === turned.length) return;
  turned = left;
  draw();
}

/** Takes the edits, to send them again or to let them go. */
export function takeUnsaved(): Edit[] {
  const all = turned;
  turned = [];
  draw();
  return all;
}

const typedIn = (e: Edit) => e.value ?? e.title ?? e.to ?? e.path ?? '';
const nameOf = (step: string) => (step && byId('card-' + step)?.dataset.name) || 'this flow';

let last = '';
function draw(why = last) {
  last = why;
  const host = byId('unsaved');
  if (!host || !turned.length) return host?.replaceChildren();
  const names = [...new Set(turned.map(e => nameOf(e.step)))].join(', '), text = turned.map(typedIn).filter(Boolean).join('\n\n');
  const acts = el('div', 'acts', button('Try again', 'unsaved-send', 'btn sm pri'));
  if (text) {
    const copy = el('fd-copy' as 'div', '', button('Copy what was typed', '', 'btn sm'));
    copy.dataset.copy = text;
    acts.append(copy);
  }
  acts.append(button('Discard it', 'unsaved-discard', 'btn sm'));
  const note = el('div', 'note warn', icon('triangle-alert'), el('div', '', el('b', '', `Not saved: ${names}.`), el('br'), `${why} What you changed is kept on this page only.`, acts));
  note.setAttribute('role', 'alert');
  host.replaceChildren(note);
}

function button(label: string, act: string, classes: string) {
  const b = el('button', classes, label);
  b.type = 'button';
  if (act) b.dataset.act = act;
  return b;
}

on<{ edit: Edit; status: number }>('fd:saved', () => { if (turned.length) draw(); }); // names may be others now
