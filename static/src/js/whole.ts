// A long flow comes with most cards light: with what is read and without their
// forms. Those that come near, or are asked for, are made whole; those far away
// that nobody uses are made light again.
import htmx from './htmx';
import { $, $$, byId, on } from './dom';

const most = 60; // whole cards that are kept
const flow = () => byId('builder')?.dataset.flow;
const isLight = (card: HTMLElement) => 'light' in card.dataset;
const long = () => !!$('[data-light]', byId('canvas-world') ?? document) || shed;
let shed = false; // some card was made light here
let wanted = new Map<string, (() => void)[]>(), timer = 0, asking = false;

/** The cards on the page that have their forms, for the server to know; nothing in a short flow. */
export const wholeCards = () => (long() ? $$('#canvas-world [data-step]:not([data-light])').map(c => c.dataset.step!).join(' ') : '');

/** Gives a card its form, and waits for it. */
export function whole(card: HTMLElement): Promise<HTMLElement> {
  for (let b = card.parentElement!.closest<HTMLElement>('[data-light]'); b; b = b.parentElement!.closest<HTMLElement>('[data-light]')) want(b.dataset.step!);
  if (!isLight(card)) return Promise.resolve(card);
  return new Promise(done => want(card.dataset.step!, () => done(byId(card.id) ?? card)));
}

function want(step: string, then?: () => void) {
  const heard = wanted.get(step) ?? [];
  if (then) heard.push(then);
  wanted.set(step, heard);
  if (!timer && !asking) timer = window.setTimeout(ask, then ? 0 : 40);
}

async function ask() {
  timer = 0;
  const steps = [...wanted.keys()].slice(0, 40), waiting = wanted, target = byId('canvas-world');
  wanted = new Map([...wanted].slice(40));
  if (!steps.length || !target) return;
  asking = true;
  const res = await fetch(`/flows/${flow()}/cards?whole=${encodeURIComponent(steps.join(' '))}`, { headers: { 'HX-Request': 'true' } }).catch(() => null);
  const text = res?.ok ? await res.text().catch(() => '') : '', old = Number(res?.headers.get('FD-Rev')) < Number(byId('flow-rev')?.getAttribute('value'));
  if (old) for (const s of steps) wanted.set(s, [...(waiting.get(s) ?? []), ...(wanted.get(s) ?? [])]); // an edit was faster
  else if (text.trim()) await htmx.swap({ text, target, sourceElement: target, swap: 'none', hx: {} }).catch(reportError);
  asking = false;
  if (!old) for (const s of steps) waiting.get(s)?.forEach(f => f());
  if (wanted.size && !timer) timer = window.setTimeout(ask, res?.ok ? 0 : 2000);
  lighten();
}

/* Cards that come near. The margin is about a screen of scrolling. */
const near = new Set<Element>();
let watch: IntersectionObserver | null = null, watched = new WeakSet<Element>();
export function watchCards() {
  const root = $('fd-canvas');
  if (!root || !long()) return;
  watch ??= new IntersectionObserver(seen => {
    for (const { target, isIntersecting } of seen) {
      if (isIntersecting) near.add(target); else near.delete(target);
      const card = target as HTMLElement;
      if (isIntersecting && isLight(card)) want(card.dataset.step!);
      if (card.matches(resting)) settle(card, isIntersecting);
    }
  }, { root, rootMargin: '500px 700px' });
  for (const card of $$(`[data-step], ${resting}`, root)) {
    if (watched.has(card)) { if (isLight(card) && near.has(card)) want(card.dataset.step!); continue; }
    watched.add(card);
    watch.observe(card);
  }
}

/* Steps far away rest, and blocks in them: they keep the size that they had when they were last laid out.
   Near ones do not: what rests is a layer of its own, and lines run behind cards, but over blocks. */
const rests = 'data-ui-rests', resting = '#chain > .step, .lane .block';

function settle(block: Element, isNear: boolean) {
  if (isNear || !block.isConnected) block.removeAttribute(rests);
  else if (document.fonts.status === 'loaded') block.setAttribute(rests, '');
  else void document.fonts.ready.then(() => lookAgain(block)); // it may get another size
}

/** To be told whether it is far once it has been laid out. */
function lookAgain(block: Element) {
  watch?.unobserve(block);
  watch?.observe(block);
}

/** Has a block that rests, and those around it, laid out anew: what is in it or around it is another. */
export function wake(block: Element) {
  for (let at = block.closest(`[${rests}]`); at; at = at.parentElement!.closest(`[${rests}]`)) {
    at.removeAttribute(rests);
    lookAgain(at);
  }
}
export const wakeAll = () => $$(`#canvas-world [${rests}]`).forEach(wake);

htmx.registerExtension('rest', {
  htmx_before_swap: (_: Element, { tasks }: { tasks: { target: Element | string | null }[] }) => { for (const { target } of tasks) if (target instanceof Element) wake(target); },
  htmx_before_morph_node: (old: Element, { newNode }: { newNode: Element }) => { if (!newNode.hasAttribute?.('data-same')) wake(old); },
});

/** Takes the forms off cards that are far away, when there are many. */
function lighten() {
  const all = $$('#canvas-world [data-step]:not([data-light])');
  if (all.length <= most) return;
  for (const card of all) {
    if (near.has(card) || card.matches('.block') || 'trigger' in card.dataset || card.hasAttribute('data-ui-selected') || card.contains(document.activeElement) || $('[data-ui-typed]', card)) continue;
    const outs = $$(':scope > .csec .out', card).map(rowOf);
    if (outs.length) card.dataset.outs = JSON.stringify(outs);
    if (card.dataset.learned) { card.dataset.more = ''; delete card.dataset.learned; }
    for (const part of $$(':scope > .csec, :scope > .cfoot', card)) part.remove();
    card.dataset.light = '';
    shed = true;
  }
}

type Row = [ref: string, label: string, type: string, sample: string, depth: string];
const rowOf = (o: HTMLElement): Row => [o.dataset.out!, o.dataset.label!, o.dataset.type!, $('.vl', o)?.textContent ?? '', o.classList.contains('deep') ? '1' : '0'];

/** The outputs of a light card. */
export const outsOf = (card: HTMLElement | null): Row[] => (card && isLight(card) ? JSON.parse(card.dataset.outs ?? '[]') : []);

on('htmx:after:swap', () => watchCards());
