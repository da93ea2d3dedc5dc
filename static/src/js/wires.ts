// Data wires of the selected card. They run behind the cards, and dock on the
// edge of a card level with the field that uses the value.
import { $, $$, byId } from './dom';
import type { FdCanvas } from './canvas';
import { outputOf } from './pill';

const NS = 'http://www.w3.org/2000/svg';

export class Wires {
  on = true;
  #frame = 0;
  constructor(private canvas: FdCanvas) { }

  draw() {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#now());
  }

  /** A point on the edge of an element, in the coordinates of the world. */
  at(el: Element, side: 'l' | 'r'): [number, number] {
    const r = el.getBoundingClientRect(), w = this.canvas.world.getBoundingClientRect(), z = this.canvas.zoom;
    return [((side === 'l' ? r.left : r.right) - w.left) / z, (r.top + r.height / 2 - w.top) / z];
  }

  static curve(x1: number, y1: number, x2: number, y2: number) {
    const d = Math.max(36, Math.abs(x2 - x1) * 0.45);
    return `M${x1} ${y1}C${x1 + d} ${y1} ${x2 - d} ${y2} ${x2} ${y2}`;
  }

  /* All places are read before anything is drawn: a place that is read after a change costs a layout. */
  #now() {
    const behind = $<SVGSVGElement>('#wires'), above = $<SVGSVGElement>('#wire-ends');
    if (!behind || !above) return;
    const wires = this.#wires(), lit = new Set<Element>(wires.map(w => w.pill));
    for (const p of this.#lit) if (!lit.has(p)) p.removeAttribute('data-ui-lit');
    this.#lit = lit;
    const lines: Element[] = [], ends: Element[] = [];
    for (const { pill, hue, from: [x1, y1], to: [x2, y2] } of wires) {
      if (!pill.hasAttribute('data-ui-lit')) pill.setAttribute('data-ui-lit', '');
      const line = shape('g', { class: hue }), end = shape('g', { class: hue });
      line.append(shape('path', { class: 'w', d: Wires.curve(x1 + 5, y1, x2, y2) }));
      end.append(shape('circle', { cx: x2, cy: y2, r: 4.5 }));
      lines.push(line);
      ends.push(end);
    }
    const drawn = JSON.stringify(wires.map(w => [w.hue, w.from, w.to]));
    if (drawn === this.#drawn && behind.childElementCount === lines.length && above.childElementCount === ends.length) return;
    this.#drawn = drawn;
    behind.replaceChildren(...lines);
    above.replaceChildren(...ends);
  }
  #drawn = '';
  #lit = new Set<Element>();

  #wires(): Wire[] {
    const card = this.canvas.selected;
    if (!card || !this.on || this.canvas.dataset.layout === 'col') return [];
    return $$('.compose .pill', this.canvas)
      .filter(pill => card.contains(pill) || pill.dataset.ref!.match(/^\w*/)![0] === card.dataset.step)
      .flatMap(pill => this.#wire(pill, card) ?? []);
  }

  #wire(pill: HTMLElement, selected: HTMLElement): Wire | null {
    const out = outputOf(pill.dataset.ref!), host = pill.closest<HTMLElement>('[data-step]');
    const source = out?.closest<HTMLElement>('[data-step]') ?? byId('card-' + pill.dataset.ref!.match(/^\w*/)![0]);
    const dock = out?.checkVisibility() ? out : source && $('.chead', source); // a card without its form gives at its head
    if (!source || !dock?.checkVisibility() || !pill.checkVisibility()) return null;
    if (host !== selected && source !== selected) return null;
    const [x1, y1] = this.at(dock, 'r'), [, y2] = this.at(pill, 'l'), [x2] = this.at(pill.closest('.card, .bh, .block')!, 'l');
    return { pill, hue: `hue h-${source.dataset.hue}`, from: [x1, y1], to: [x2, y2] };
  }
}

interface Wire { pill: HTMLElement; hue: string; from: [number, number]; to: [number, number] }

export function shape(name: string, attributes: Record<string, string | number>) {
  const s = document.createElementNS(NS, name);
  for (const [k, v] of Object.entries(attributes)) s.setAttribute(k, String(v));
  return s;
}
