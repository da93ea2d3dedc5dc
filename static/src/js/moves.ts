// Where cards are and where they can go: lists of steps, and the lines between them.
import { $, $$, byId, el, say } from './dom';
import { canvas } from './canvas';
import { edgeScroll, swallowClick } from './carry';
import { ids, meant } from './choose';
import { ask } from './dialogs';
import { on } from './dom';
import { post, type Edit } from './save';

interface Place { parent: string; index: number }

/** Where in its chain something added at a gap or button goes. */
export function indexAt(at: Element) {
  const li = at.closest('li.step'), lane = at.closest('.lane');
  if (at.closest('.tailadd, .lead')) return 0;
  const inside = li && (!lane || lane.contains(li));
  const chain = inside ? [...li.parentElement!.children] : $$('#chain > li.step');
  const cards = chain.filter(c => $(':scope > [data-step]:not([data-trigger])', c));
  if (inside && $(':scope > [data-trigger]', li)) return 0;
  return inside && cards.includes(li) ? cards.indexOf(li) + 1 : cards.length;
}

/** The card after which something added at a gap or button goes: the edit finds its place by it when somebody else was first. */
export function behind(at: Element): { after?: string } {
  const li = at.closest('li.step'), lane = at.closest('.lane');
  if (at.closest('.tailadd, .lead') || li && lane && !lane.contains(li)) return {};
  const card = (li && $(':scope > [data-step]', li)) ?? $$('#chain > li.step > [data-step]').at(-1);
  return card ? { after: card.dataset.step! } : {};
}

/** Where a card is: its chain and its index there. */
export function placeOf(card: HTMLElement): Place {
  const joint = $(':scope > .joint', card.closest('li.step')!)!;
  return { parent: joint.dataset.parent!, index: indexAt(joint) - 1 };
}

/** Moves cards to a gap. Gaps are counted with the cards in place; the edit counts without them. */
export function moveTo(cards: HTMLElement[], to: Place) {
  const places = cards.map(placeOf), before = places.filter(p => p.parent === to.parent && p.index < to.index).length;
  const index = to.index - before, from = places[0];
  if (cards.length === 1) {
    if (to.parent === from.parent && index === from.index) return;
    post({ op: 'move', step: cards[0].dataset.step!, parent: to.parent, index: String(index) });
  } else post({ op: 'move_all', steps: ids(cards), parent: to.parent, index: String(index) });
  say(`${named(cards)} moved`);
}

const named = (cards: HTMLElement[]) => (cards.length === 1 ? cards[0].dataset.name! : `${cards.length} cards`);

/** One place earlier or later in the order of reading: into a block that stands there, and out of it at its end. */
export function nudge(card: HTMLElement, by: -1 | 1) {
  if ('trigger' in card.dataset) return say('What starts the flow stays first');
  const cards = meant(card), all = gaps(cards).filter(g => g.checkVisibility());
  const end = by < 0 ? cards[0] : cards.at(-1)!;
  const beside = all.filter(g => (end.compareDocumentPosition(g) & (by < 0 ? Node.DOCUMENT_POSITION_PRECEDING : Node.DOCUMENT_POSITION_FOLLOWING)) !== 0);
  const gap = by < 0 ? beside.at(-2) : beside[1]; // the nearest one is where the cards are
  if (!gap) return say('Cannot move further');
  moveTo(cards, placeAt(gap));
}

/** Gaps that cards may go to: not those inside of them. */
const gaps = (cards: HTMLElement[]) => $$('[data-drop]', canvas()!).filter(g => !cards.some(c => c.contains(g)));
const placeAt = (gap: HTMLElement): Place => ({ parent: gap.dataset.parent!, index: indexAt(gap) });

// The server says that references would break: ask, then do it anyway.
on<{ text: string; edit: Edit }>('fd:confirm-move', async ({ text, edit }) => {
  if (await ask(text, 'Move anyway')) post({ ...edit, force: '1' });
});

/* Without dragging: pick the card up, go to any + and press it. */
let carried: HTMLElement[] | null = null;

export function pickUpCard(card: HTMLElement | null) {
  const c = canvas()!;
  const cards = card && !('trigger' in card.dataset) ? meant(card) : null;
  carried = cards;
  byId('carrybar')?.remove();
  c.toggleAttribute('data-ui-moving', !!cards);
  const open = cards ? gaps(cards) : [];
  for (const g of $$('[data-drop]', c)) g.toggleAttribute('data-ui-gap', open.includes(g));
  if (!cards) return;
  const cancel = el('button', '', 'Cancel');
  cancel.type = 'button';
  cancel.addEventListener('click', () => { pickUpCard(null); cards[0].focus(); });
  const bar = el('div', '', `Choose a + to move ${cards.length === 1 ? `“${named(cards)}”` : named(cards)} there`, cancel);
  bar.id = 'carrybar';
  $('.work')!.append(bar);
  say(`Moving ${named(cards)}. Tab to a plus button and press Enter. Escape cancels.`);
  (open.find(g => (cards[0].compareDocumentPosition(g) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0) ?? open[0])?.querySelector<HTMLElement>('button')?.focus();
}

document.addEventListener('click', e => {
  const gap = carried && (e.target as Element).closest<HTMLElement>('[data-ui-gap]');
  if (!gap) return;
  e.preventDefault();
  e.stopPropagation();
  const cards = carried!;
  pickUpCard(null);
  moveTo(cards, placeAt(gap));
  cards[0].focus();
}, true);

document.addEventListener('keydown', e => {
  if (!carried || e.key !== 'Escape') return;
  e.stopPropagation();
  const back = carried[0];
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
  let ghost: HTMLElement | null = null, gap: HTMLElement | null = null, all: HTMLElement[] = [], cards = [card];
  const move = (m: PointerEvent) => {
    if (!ghost) {
      if (Math.hypot(m.clientX - x0, m.clientY - y0) < 6) return;
      cards = meant(card);
      ghost = el('div', 'cardghost', cards.length > 1 ? named(cards) : `${card.dataset.number}  ${card.dataset.name}`);
      document.body.append(ghost);
      getSelection()?.removeAllRanges();
      all = gaps(cards);
      c.setAttribute('data-ui-moving', '');
      for (const g of all) g.setAttribute('data-ui-gap', '');
      for (const x of cards) x.setAttribute('data-ui-dragged', '');
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
    for (const x of cards) x.removeAttribute('data-ui-dragged');
    for (const g of all) g.removeAttribute('data-ui-gap');
    swallowClick();
    if (drops && gap) moveTo(cards, placeAt(gap));
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
