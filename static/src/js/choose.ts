// Several cards chosen at once: Shift with a press or the arrow keys, Ctrl+A. What is
// done to the one that has the focus is then done to all of them.
import { $, $$, byId, el, icon, on, phone, say } from './dom';
import { canvas } from './canvas';
import { act } from './cards';

let anchor = ''; // where a range begins
const usable = () => canvas()?.cards().filter(c => !('trigger' in c.dataset)) ?? [];

/** The cards that are chosen, outermost ones, in running order. */
export const chosen = () => $$('fd-canvas [data-ui-chosen]').filter(c => !c.parentElement!.closest('[data-ui-chosen]'));

/** The cards that something done to this one is done to. */
export function meant(card: HTMLElement): HTMLElement[] {
  const all = chosen();
  return all.some(c => c === card || c.contains(card)) && all.length > 1 ? all : [card];
}

/** Their ids, as edits name them. */
export const ids = (cards: HTMLElement[]) => cards.map(c => c.dataset.step!).join(' ');

export function choose(cards: HTMLElement[]) {
  for (const c of $$('fd-canvas [data-ui-chosen]')) if (!cards.includes(c)) c.removeAttribute('data-ui-chosen');
  for (const c of cards) c.setAttribute('data-ui-chosen', '');
  bar();
}

export const unchoose = () => { anchor = ''; choose([]); };

/** Chooses all cards between the one where the range began and this one. */
export function chooseTo(card: HTMLElement) {
  const all = usable(), from = all.find(c => c.dataset.step === anchor) ?? canvas()?.selected ?? card;
  anchor = from.dataset.step ?? '';
  const a = Math.max(0, all.indexOf(from)), b = all.indexOf(card);
  if (b < 0) return choose(all.slice(0, a + 1));
  choose(all.slice(Math.min(a, b), Math.max(a, b) + 1));
  say(count());
}

export function chooseAll() { choose(usable()); say(count()); }
const count = () => `${chosen().length} cards chosen`;

/* The bar that says so, and what can be done. */
const acts: [name: string, label: string, icon: string][] = [['copy', 'Copy', 'copy'], ['cut', 'Cut', 'scissors'], ['duplicate', 'Duplicate', 'copy-plus'], ['wrap', 'Put into…', 'group'], ['carry-card', 'Move to…', 'arrow-up-down'], ['delete', 'Delete', 'trash-2']];

function bar() {
  const n = chosen().length;
  let box = byId('choicebar');
  if (n < 2) { box?.remove(); return; }
  if (!box) {
    box = el('div', '', el('b'));
    box.id = 'choicebar';
    box.setAttribute('role', 'toolbar');
    box.setAttribute('aria-label', 'Chosen cards');
    for (const [name, label, picture] of acts) {
      const b = el('button', 'btn ghost sm', icon(picture), el('span', phone() ? 'vh' : '', label));
      b.type = 'button';
      b.title = label;
      b.addEventListener('click', () => { const first = chosen()[0]; if (first) act(name, first); });
      box.append(b);
    }
    const close = el('button', 'ib sm', icon('x'));
    close.type = 'button';
    close.setAttribute('aria-label', 'Choose none');
    close.addEventListener('click', () => { const first = chosen()[0]; unchoose(); first?.focus(); });
    box.append(close);
    $('.work')?.append(box);
  }
  $('b', box)!.textContent = count();
}

// With Shift a press chooses a range, with Ctrl one more; without either, one card is meant again.
document.addEventListener('pointerdown', e => {
  const t = e.target as Element, card = t.closest<HTMLElement>('fd-canvas [data-step]');
  if (!card || t.closest('button, input, textarea, select, .compose, a, summary')) return;
  if (e.shiftKey) {
    e.preventDefault(); // no text is selected
    chooseTo(card);
    canvas()!.go(card);
  } else if ((e.ctrlKey || e.metaKey) && !('trigger' in card.dataset)) {
    e.preventDefault();
    const now = chosen();
    if (!now.length && canvas()?.selected && canvas()!.selected !== card && !('trigger' in canvas()!.selected!.dataset)) now.push(canvas()!.selected!);
    choose(now.includes(card) ? now.filter(c => c !== card) : [...now, card]);
    canvas()!.go(card);
  } else if (!card.closest('[data-ui-chosen]')) unchoose();
});

// An edit of several cards leaves those chosen.
on<{ steps: string }>('fd:chosen', ({ steps }) => {
  const cards = steps.split(' ').map(s => byId('card-' + s)).filter(c => c !== null);
  unchoose();
  if (cards.length > 1) choose(cards);
  canvas()?.go(cards[0]);
});
on('htmx:after:swap', () => { if ($('[data-ui-chosen]') || byId('choicebar')) bar(); });
