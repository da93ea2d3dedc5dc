// Where cards are and where they can go: lists of steps, and the lines between them.
import { $, $$, byId, el, say } from './dom';
import { canvas } from './canvas';
import { edgeScroll, swallowClick } from './carry';
import { ask } from './dialogs';
import { on } from './dom';
import { post, type Edit } from './save';

interface Place { parent: string; index: number }

/** Where in its chain something added at a gap or button goes. */
export function indexAt(at: Element) {
  const li = at.closest('li.step'), lane = at.closest('.lane');
  if (at.closest('.tailadd')) return 0;
  const inside = li && (!lane || lane.contains(li));
  const chain = inside ? [...li.parentElement!.children] : $$('#chain > li.step');
  const cards = chain.filter(c => $(':scope > [data-step]:not([data-trigger])', c));
  if (inside && $(':scope > [data-trigger]', li)) return 0;
  return inside && cards.includes(li) ? cards.indexOf(li) + 1 : cards.length;
}

/** Where a card is: its chain and its index there. */
export function placeOf(card: HTMLElement): Place {
  const joint = $(':scope > .joint', card.closest('li.step')!)!;
  return { parent: joint.dataset.parent!, index: indexAt(joint) - 1 };
}

/** Moves a card to a gap. Gaps are counted with the card in place; the edit counts without it. */
export function moveTo(card: HTMLElement, to: Place) {
  const from = placeOf(card);
  const index = to.parent === from.parent && to.index > from.index ? to.index - 1 : to.index;
  if (to.parent === from.parent && index === from.index) return;
  post({ op: 'move', step: card.dataset.step!, parent: to.parent, index: String(index) });
  say(`${card.dataset.name} moved`);
}

/** One place earlier or later; at the end of a lane, out of it. */
export function nudge(card: HTMLElement, by: -1 | 1) {
  if ('trigger' in card.dataset) return say('What starts the flow stays first');
  const li = card.closest('li.step')!, here = placeOf(card);
  const beside = (by < 0 ? li.previousElementSibling : li.nextElementSibling)?.querySelector<HTMLElement>(':scope > [data-step]');
  if (beside && !('trigger' in beside.dataset)) return moveTo(card, { parent: here.parent, index: by < 0 ? here.index - 1 : here.index + 2 });
  const block = li.closest<HTMLElement>('.lane')?.closest<HTMLElement>('[data-step]');
  if (!block) return say('Cannot move further');
  const outer = placeOf(block);
  moveTo(card, { parent: outer.parent, index: by < 0 ? outer.index : outer.index + 1 });
}

/** Gaps that a card may go to: not those inside itself. */
const gaps = (card: HTMLElement) => $$('[data-drop]', canvas()!).filter(g => !card.contains(g));
const placeAt = (gap: HTMLElement): Place => ({ parent: gap.dataset.parent!, index: indexAt(gap) });

// The server says that references would break: ask, then do it anyway.
on<{ text: string; edit: Edit }>('fd:confirm-move', async ({ text, edit }) => {
  if (await ask(text, 'Move anyway')) post({ ...edit, force: '1' });
});

/* Without dragging: pick the card up, go to any + and press it. */
let carried: HTMLElement | null = null;

export function pickUpCard(card: HTMLElement | null) {
  const c = canvas()!;
  carried = card && !('trigger' in card.dataset) ? card : null;
  byId('carrybar')?.remove();
  c.toggleAttribute('data-ui-moving', !!carried);
  for (const g of $$('[data-drop]', c)) g.toggleAttribute('data-ui-gap', !!carried && gaps(carried).includes(g));
  if (!carried) return;
  const cancel = el('button', '', 'Cancel');
  cancel.type = 'button';
  cancel.addEventListener('click', () => { const back = carried; pickUpCard(null); back?.focus(); });
  const bar = el('div', '', `Choose a + to move “${carried.dataset.name}” there`, cancel);
  bar.id = 'carrybar';
  $('.work')!.append(bar);
  say(`Moving ${carried.dataset.name}. Tab to a plus button and press Enter. Escape cancels.`);
  gaps(carried)[0]?.querySelector<HTMLElement>('button')?.focus();
}

document.addEventListener('click', e => {
  const gap = carried && (e.target as Element).closest<HTMLElement>('[data-ui-gap]');
  if (!gap) return;
  e.preventDefault();
  e.stopPropagation();
  const card = carried!;
  pickUpCard(null);
  moveTo(card, placeAt(gap));
  card.focus();
}, true);

document.addEventListener('keydown', e => {
  if (!carried || e.key !== 'Escape') return;
  e.stopPropagation();
  const back = carried;
  pickUpCard(null);
  back.focus();
  say('Cancelled');
}, true);

/* Dragging a card by its head. The nearest gap lights up. */
document.addEventListener('pointerdown', e => {
  const t = e.target as Element, head = t.closest<HTMLElement>('fd-canvas .chead');
  const card = head?.closest<HTMLElement>('[data-step]'), c = canvas();
  if (!card || !c || e.button || e.pointerType === 'touch' || 'trigger' in card.dataset || t.closest('button, input, textarea')) return;
  const x0 = e.clientX, y0 = e.clientY, stop = new AbortController(), heard = { signal: stop.signal };
  let ghost: HTMLElement | null = null, gap: HTMLElement | null = null, all: HTMLElement[] = [];
  const move = (m: PointerEvent) => {
    if (!ghost) {
      if (Math.hypot(m.clientX - x0, m.clientY - y0) < 6) return;
      ghost = el('div', 'cardghost', `${card.dataset.number}  ${card.dataset.name}`);
      document.body.append(ghost);
      getSelection()?.removeAllRanges();
      all = gaps(card);
      c.setAttribute('data-ui-moving', '');
      for (const g of all) g.setAttribute('data-ui-gap', '');
      card.setAttribute('data-ui-dragged', '');
    }
    ghost.style.left = `${m.clientX + 12}px`;
    ghost.style.top = `${m.clientY + 8}px`;
    const near = nearest(all, m);
    if (near !== gap) { gap?.removeAttribute('data-ui-over'); gap = near; gap?.setAttribute('data-ui-over', ''); }
    edgeScroll(c, m);
  };
  const end = (drops: boolean) => {
    stop.abort();
    if (!ghost) return;
    ghost.remove();
    gap?.removeAttribute('data-ui-over');
    c.removeAttribute('data-ui-moving');
    card.removeAttribute('data-ui-dragged');
    for (const g of all) g.removeAttribute('data-ui-gap');
    swallowClick();
    if (drops && gap) moveTo(card, placeAt(gap));
  };
  addEventListener('pointermove', move, heard);
  addEventListener('pointerup', () => end(true), heard);
  addEventListener('pointercancel', () => end(false), heard);
  addEventListener('keydown', k => { if (k.key === 'Escape') { k.stopPropagation(); end(false); } }, { ...heard, capture: true });
});

function nearest(all: HTMLElement[], p: PointerEvent) {
  let best: HTMLElement | null = null, least = 160; // pixels; further away means nowhere
  for (const g of all) {
    const r = g.getBoundingClientRect(), d = Math.hypot(p.clientX - (r.left + r.width / 2), p.clientY - (r.top + r.height / 2));
    if (d < least) { least = d; best = g; }
  }
  return best;
}
