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

  #now() {
    const behind = $<SVGSVGElement>('#wires'), above = $<SVGSVGElement>('#wire-ends');
    if (!behind || !above) return;
    behind.replaceChildren();
    above.replaceChildren();
    for (const p of $$('[data-ui-lit]', this.canvas)) p.removeAttribute('data-ui-lit');
    const card = this.canvas.selected;
    if (!card || !this.on || this.canvas.dataset.layout === 'col') return;
    for (const pill of $$('.compose .pill', this.canvas)) {
      if (card.contains(pill) || pill.dataset.ref!.match(/^\w*/)![0] === card.dataset.step) this.#wire(pill, card, behind, above);
    }
  }

  #wire(pill: HTMLElement, selected: HTMLElement, behind: SVGSVGElement, above: SVGSVGElement) {
    const out = outputOf(pill.dataset.ref!), host = pill.closest<HTMLElement>('[data-step]');
    const source = out?.closest<HTMLElement>('[data-step]') ?? byId('card-' + pill.dataset.ref!.match(/^\w*/)![0]);
    const dock = out?.checkVisibility() ? out : source && $('.chead', source); // a card without its form gives at its head
    if (!source || !dock?.checkVisibility() || !pill.checkVisibility()) return;
    if (host !== selected && source !== selected) return;
    pill.setAttribute('data-ui-lit', '');
    const [x1, y1] = this.at(dock, 'r'), [, y2] = this.at(pill, 'l'), [x2] = this.at(pill.closest('.card, .bh, .block')!, 'l');
    const hue = `hue h-${source.dataset.hue}`, line = document.createElementNS(NS, 'g'), end = document.createElementNS(NS, 'g');
    line.setAttribute('class', hue);
    end.setAttribute('class', hue);
    line.append(shape('path', { class: 'w', d: Wires.curve(x1 + 5, y1, x2, y2) }));
    end.append(shape('circle', { cx: x2, cy: y2, r: 4.5 }));
    behind.append(line);
    above.append(end);
  }
}

export function shape(name: string, attributes: Record<string, string | number>) {
  const s = document.createElementNS(NS, name);
  for (const [k, v] of Object.entries(attributes)) s.setAttribute(k, String(v));
  return s;
}
