// The note about edits that the server turned down.
import { byId, el, icon } from './dom';
import type { Edit } from './save';

const typedIn = (e: Edit) => e.value ?? e.title ?? e.to ?? e.path ?? '';
const nameOf = (step: string) => (step && byId('card-' + step)?.dataset.name) || 'this flow';

/** Draws the note about these edits, or none when there are none. */
export function draw(edits: readonly Edit[], why: string) {
  const host = byId('unsaved');
  if (!host || !edits.length) return host?.replaceChildren();
  const names = [...new Set(edits.map(e => nameOf(e.step)))].join(', '), text = edits.map(typedIn).filter(Boolean).join('\n\n');
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
