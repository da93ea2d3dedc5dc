import { $, $$, byId, phone } from './dom';
import { wakeAll, watchCards, whole } from './whole';
import { Wires } from './wires';

/**
 * <fd-canvas>: which card is selected, zoom, layout, wires. Cards themselves come
 * from the server; what is kept here are data-ui-* attributes, which morphs leave alone.
 */
export class FdCanvas extends HTMLElement {
  zoom = 1;
  wires!: Wires;

  connectedCallback() {
    if (this.dataset.uiReady) return;
    this.dataset.uiReady = '1';
    this.wires = new Wires(this);
    if (phone()) this.dataset.layout = 'col';
    else this.dataset.layout = remembered('fd-layout') ?? 'row';
    this.addEventListener('focusin', e => this.select((e.target as Element).closest<HTMLElement>('[data-step]')));
    this.addEventListener('wheel', e => { if (e.ctrlKey || e.metaKey) { e.preventDefault(); this.setZoom(this.zoom * (e.deltaY < 0 ? 1.08 : 0.925)); } }, { passive: false });
    this.addEventListener('toggle', () => this.wires.draw(), true);
    this.addEventListener('fd:typed', () => this.wires.draw());
    new ResizeObserver(() => this.wires.draw()).observe(this.world);
    document.fonts?.ready.then(() => this.wires.draw());
    document.addEventListener('htmx:after:swap', () => this.settle());
    document.addEventListener('fd:drawer-closed', () => this.wires.draw());
    const zoom = Number(remembered('fd-zoom'));
    this.fit();
    if (zoom && zoom !== this.zoom && !phone()) this.setZoom(zoom);
    this.settle();
    if (remembered('fd-outline') && !phone()) void import('./outline').then(m => m.open());
    addEventListener('hashchange', () => this.#arrive());
    this.#arrive();
    if (document.activeElement === document.body) $('#starts button', this)?.focus({ preventScroll: true }); // a new flow begins with this question
  }

  /** An address may name a card. */
  #arrive() {
    const card = location.hash.startsWith('#card-') ? byId(location.hash.slice(1)) : null;
    if (!card || !this.contains(card)) return;
    this.collapse(card, false);
    card.focus({ preventScroll: true });
    void whole(card).then(c => c.scrollIntoView({ block: 'nearest', inline: 'center' }));
  }

  get world() { return byId('canvas-world')!; }
  get selected() { return $('[data-ui-selected]', this); }
  cards() { return $$('[data-step]', this); }
  card(id: string) { return byId('card-' + id); }

  /** After every swap: one tab stop, one selected card, new cards folded on a phone. */
  settle() {
    const cards = this.cards();
    for (const c of cards) {
      if (c.dataset.uiKnown) continue;
      c.dataset.uiKnown = '1';
      if (this.#folded.has(c.dataset.step!)) this.collapse(c, true);
      if (phone() && c.matches('.card') && !this.dataset.uiSettled) this.collapse(c, true);
    }
    if (cards.length) this.dataset.uiSettled = '1';
    const current = this.selected ?? cards[1] ?? cards[0];
    if (current) this.#mark(current);
    watchCards();
    this.#controls();
    this.wires.draw();
  }

  /** A drop-down or switch that nobody is using shows what the server says. */
  #controls() {
    for (const c of $$<HTMLSelectElement | HTMLInputElement>('select, input[type=checkbox]', this.world)) {
      if (c === document.activeElement || c.dataset.uiBusy) continue;
      if (c instanceof HTMLInputElement) { c.checked = c.defaultChecked; continue; }
      const told = [...c.options].find(o => o.defaultSelected) ?? c.options[0];
      if (told && !told.selected) told.selected = true;
    }
  }

  select(card: HTMLElement | null) {
    if (!card || !this.contains(card) || card.hasAttribute('data-ui-selected') && card.getAttribute('tabindex') === '0') return;
    this.#mark(card);
  }

  #mark(card: HTMLElement) {
    for (const c of $$('[data-ui-selected], [data-step][tabindex="0"]', this)) if (c !== card) { c.removeAttribute('data-ui-selected'); c.tabIndex = -1; }
    card.setAttribute('data-ui-selected', '');
    if (card.getAttribute('tabindex') !== '0') card.tabIndex = 0; // which costs a layout, also when it is so already
    void whole(card);
    this.wires.draw();
  }

  /** Moves focus and view to a card. */
  go(card: HTMLElement | null | undefined) {
    if (!card) return;
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  collapse(card: HTMLElement, yes: boolean) {
    if (card.hasAttribute('data-ui-collapsed') === yes) return;
    if (!phone()) this.#remember(card.dataset.step!, yes); // on a phone all are folded at first
    card.toggleAttribute('data-ui-collapsed', yes);
    $('.tog', card)?.setAttribute('aria-expanded', String(!yes));
    if (!yes) void whole(card);
    this.wires.draw();
  }

  /* Which cards are folded, and how near the canvas is, stays as it was left. */
  #folded = new Set<string>((remembered('fd-folded:' + byId('builder')?.dataset.flow) ?? '').split(' '));
  #remember(step: string, folded: boolean) {
    if (folded) this.#folded.add(step); else this.#folded.delete(step);
    keep('fd-folded:' + byId('builder')?.dataset.flow, [...this.#folded].filter(s => s && this.card(s)).join(' '));
  }

  fit() {
    if (this.dataset.layout !== 'col' && this.world.matches('.long')) return this.#zoomed(least);
    this.setZoom(1);
    if (this.dataset.layout === 'col') return;
    const room = Math.floor((100 * this.clientWidth) / this.world.scrollWidth) / 100;
    this.setZoom(Math.max(least, Math.min(1, room)));
    this.selected?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  setZoom(z: number) {
    this.#zoomed(Math.max(0.4, Math.min(1.6, z)));
  }
  #zoomed(z: number) {
    this.zoom = z;
    // As the style sheet says it there is nothing to set: all cards would be styled anew.
    if (z === least && this.dataset.layout === 'row' && this.world.matches('.long')) this.style.removeProperty('--zoom');
    else this.style.setProperty('--zoom', String(z));
    if (this.dataset.uiSettled) keep('fd-zoom', String(this.zoom));
    const shown = byId('zoom-value');
    if (shown) shown.textContent = `${Math.round(this.zoom * 100)}%`;
    this.wires.draw();
  }

  turn() {
    this.dataset.layout = this.dataset.layout === 'col' ? 'row' : 'col';
    keep('fd-layout', this.dataset.layout);
    wakeAll();
    this.fit();
  }
}

const least = 0.88; // the lowest automatic zoom: targets stay at least 24 px

function keep(key: string, value: string) { try { localStorage.setItem(key, value); } catch { /* storage may be off */ } }
function remembered(key: string) { try { return localStorage.getItem(key); } catch { return null; } }

/** The canvas of this page, where there is one. */
export const canvas = () => $<FdCanvas>('fd-canvas');

customElements.define('fd-canvas', FdCanvas);
