// Mapping: an output is dragged onto an input, or picked up by a press (or Enter)
// and placed by another. Both end in the same call.
import { $, $$, byId, el, on, say } from './dom';
import { canvas } from './canvas';
import type { FdCompose } from './compose';
import { factsFor, reaches, scopeOf } from './data';
import { factsOf, makePill, outputOf } from './pill';
import { post } from './save';
import { toast } from './toast';
import { shape, Wires } from './wires';

let carried: string | null = null; // a reference that was picked up
const EARLIER = 'That card runs earlier, so it cannot use this value';

/** Marks the inputs that may take a value: of cards that run later, and know it. */
function targets(src: string | null) {
  const c = canvas();
  if (!c) return;
  c.toggleAttribute('data-ui-carry', !!src);
  const out = src ? outputOf(src) : null;
  const may = (e: Element) => !!out && reaches(out, e);
  for (const box of $$('.compose', c)) box.toggleAttribute('data-ui-ok', may(box));
  for (const fold of $$('[data-drop-key]', c)) fold.toggleAttribute('data-ui-ok', may(fold));
}

export function pickUp(src: string | null, from?: HTMLElement) {
  for (const x of $$('[data-ui-carrying]')) x.removeAttribute('data-ui-carrying');
  carried = src;
  targets(src);
  byId('carrybar')?.remove();
  if (!src) return;
  from?.setAttribute('data-ui-carrying', '');
  const cancel = el('button', '', 'Cancel');
  cancel.type = 'button';
  cancel.addEventListener('click', () => { pickUp(null); from?.focus(); });
  const bar = el('div', '', 'Click an input to place', makePill(src), cancel);
  bar.id = 'carrybar';
  $('.work')?.append(bar);
  const f = factsOf(src);
  say(`Carrying ${f.l} from step ${f.n}. Go to an input and press Enter to place it. Escape cancels.`);
}

/** The place under a point or element that takes the value: an input, or a section that makes a new name of it. */
const takes = (at: Element | null) => at?.closest<HTMLElement>('.compose, [data-drop-key]') ?? null;

function drop(src: string, at: HTMLElement) {
  if (at.matches('.compose')) {
    const field = at.closest<FdCompose>('fd-compose')!;
    field.insert(src, factsFor(src, scopeOf(field)));
    return;
  }
  const step = at.closest<HTMLElement>('[data-step]')!.dataset.step!, field = at.dataset.dropKey!;
  const taken = $$<HTMLElement>('[data-kvrow]', at).map(r => r.dataset.kvrow);
  let key = factsOf(src).l.replace(/\s+/g, '_');
  for (let n = 2, base = key; taken.includes(key); n++) key = `${base}_${n}`;
  (at as HTMLDetailsElement).open = true;
  post({ op: 'set', step, field, key, value: `{{${src}}}` });
}

document.addEventListener('click', e => {
  const t = e.target as Element, out = t.closest<HTMLElement>('.out');
  if (out && e.detail) { // detail 0 is the keyboard, which has its own way below
    canvas()?.select(out.closest<HTMLElement>('[data-step]'));
    pickUp(carried === out.dataset.out ? null : out.dataset.out!, out);
    return;
  }
  const at = carried ? takes(t) : null;
  if (!at) return;
  if (!at.hasAttribute('data-ui-ok')) { if (at.matches('.compose')) toast({ text: EARLIER }); return; }
  e.preventDefault();
  const src = carried!;
  pickUp(null);
  drop(src, at);
});

document.addEventListener('keydown', e => {
  const t = e.target as HTMLElement;
  if (t.matches?.('.out') && (e.key === 'Enter' || e.key === ' ')) { e.preventDefault(); pickUp(t.dataset.out!, t); return; }
  if (!carried) return;
  if (e.key === 'Escape') {
    e.preventDefault();
    e.stopPropagation();
    const back = $('[data-ui-carrying]');
    pickUp(null);
    back?.focus();
    say('Cancelled');
  } else if (e.key === 'Enter' && t.matches('.compose, [data-drop-key] > summary')) {
    e.preventDefault();
    e.stopPropagation();
    const at = takes(t)!;
    if (!at.hasAttribute('data-ui-ok')) return say(EARLIER);
    const src = carried;
    pickUp(null);
    drop(src, at);
  }
}, true);

on('htmx:after:swap', () => { if (carried) targets(carried); });

/* Dragging, with pointer events: mouse, pen and touch alike. */
document.addEventListener('pointerdown', e => {
  const out = (e.target as Element).closest<HTMLElement>('fd-canvas .out');
  const c = canvas();
  if (!out || !c || e.button || e.pointerType === 'touch' && !e.isPrimary) return;
  const src = out.dataset.out!, x0 = e.clientX, y0 = e.clientY, stop = new AbortController(), heard = { signal: stop.signal };
  let ghost: HTMLElement | null = null, over: HTMLElement | null = null;
  const wire = shape('path', { class: 'drag' });
  const begin = () => {
    ghost = makePill(src);
    ghost.classList.add('dragghost');
    document.body.append(ghost);
    pickUp(null);
    targets(src);
  };
  const move = (m: PointerEvent) => {
    if (!ghost) { if (Math.hypot(m.clientX - x0, m.clientY - y0) < 5) return; begin(); }
    ghost!.style.left = `${m.clientX + 10}px`;
    ghost!.style.top = `${m.clientY + 10}px`;
    const at = takes(document.elementFromPoint(m.clientX, m.clientY)), ok = at?.hasAttribute('data-ui-ok') ? at : null;
    if (ok !== over) { over?.removeAttribute('data-ui-over'); over = ok; over?.setAttribute('data-ui-over', ''); }
    const w = c.world.getBoundingClientRect(), [x1, y1] = c.wires.at(out, 'r');
    wire.setAttribute('d', Wires.curve(x1 + 5, y1, (m.clientX - w.left) / c.zoom, (m.clientY - w.top) / c.zoom));
    byId('wire-ends')?.append(wire);
    edgeScroll(c, m);
  };
  const end = (drops: boolean) => {
    stop.abort();
    ghost?.remove();
    wire.remove();
    over?.removeAttribute('data-ui-over');
    if (!ghost) return;
    targets(null);
    swallowClick();
    if (drops && over) drop(src, over); else c.wires.draw();
  };
  addEventListener('pointermove', move, heard);
  addEventListener('pointerup', () => end(true), heard);
  addEventListener('pointercancel', () => end(false), heard);
  addEventListener('keydown', k => { if (k.key === 'Escape') { k.stopPropagation(); end(false); } }, { ...heard, capture: true });
});

/** Scrolls the canvas while something is dragged near its edge. */
export function edgeScroll(c: HTMLElement, p: { clientX: number; clientY: number }) {
  const b = c.getBoundingClientRect(), edge = 48;
  c.scrollBy(p.clientX > b.right - edge ? 14 : p.clientX < b.left + edge ? -14 : 0, p.clientY > b.bottom - edge ? 14 : p.clientY < b.top + edge ? -14 : 0);
}

/** The click that ends a drag is not a click. */
export function swallowClick() {
  const kill = (e: Event) => e.stopPropagation();
  addEventListener('click', kill, { capture: true, once: true });
  setTimeout(() => removeEventListener('click', kill, true), 0);
}

