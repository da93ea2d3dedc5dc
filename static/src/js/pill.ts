// Pills: references drawn as a step number and a name. The text they stand for
// is in data-ref; everything else is only for the eyes.
import { $, byId, icon } from './dom';
import { outsOf } from './whole';

export interface Facts { n?: string; l: string; h?: string; w?: string; m?: boolean; y?: boolean; d?: boolean; x?: boolean }

const plain = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*|\[\d+\]|\["(?:[^"\\]|\\.)*"\]|\['(?:[^'\\]|\\.)*'\])*$/;

/** Whether text between braces is a reference and nothing else. */
export const isReference = (src: string) => plain.test(src);

/** What is known of a reference from the page itself: an output, or at least its step. */
export function factsOf(src: string): Facts {
  const out = outputOf(src);
  if (out) {
    const card = out.closest<HTMLElement>('[data-step]');
    return { n: card?.dataset.number, l: out.dataset.label!, h: card?.dataset.hue };
  }
  if (!isReference(src)) return { l: src, x: true };
  const step = src.match(/^\w+/)![0];
  const card = byId('card-' + step);
  const row = outsOf(card).find(r => r[0] === src);
  const last = row?.[1] ?? src.replace(/\["?|"?\]/g, '.').split('.').filter(Boolean).at(-1) ?? src;
  if (card) return { n: card.dataset.number, l: last, h: card.dataset.hue };
  return { l: last, m: !['run', 'flow'].includes(step) };
}

/** The output on the canvas, or of the run, that a reference names. */
export const outputOf = (src: string) => $<HTMLElement>(`[data-out="${CSS.escape(src)}"]`, byId('card-' + src.match(/^\w*/)![0]) ?? byId('globals') ?? document);

export function makePill(src: string, facts: Facts = factsOf(src)) {
  const pill = document.createElement('span');
  pill.contentEditable = 'false';
  pill.dataset.ref = src;
  drawPill(pill, facts);
  return pill;
}

export function drawPill(pill: HTMLElement, f: Facts) {
  const src = pill.dataset.ref!;
  const hue = f.m ? 'h-err' : !f.x && f.h ? `h-${f.h}` : '';
  const lit = pill.hasAttribute('data-ui-lit');
  pill.className = ['pill', 'hue', hue, f.m && 'missing', f.y && 'maybe', f.d && 'drift', f.x && 'expr'].filter(Boolean).join(' ');
  pill.title = f.w ?? (f.m ? `${src} does not exist any more` : f.x ? src : f.n ? `${f.l} from step ${f.n}` : f.l);
  const mark: Node[] = [];
  if (f.m) mark.push(icon('triangle-alert'));
  else if (f.d) mark.push(icon('history'));
  else if (f.x) mark.push(icon('square-function'));
  else if (f.n) { const n = document.createElement('span'); n.className = 'stepno'; n.textContent = byId('card-' + src.match(/^\w*/)![0])?.dataset.number ?? f.n; mark.push(n); }
  pill.replaceChildren(...mark, f.l);
  pill.toggleAttribute('data-ui-lit', lit);
}

/** Cuts a template into text and the sources between braces, as the server does. */
export function cut(template: string): (string | { src: string })[] {
  const parts: (string | { src: string })[] = [];
  let rest = template;
  for (;;) {
    const start = rest.indexOf('{{');
    if (start < 0) break;
    const length = closing(rest.slice(start + 2));
    if (length < 0) break;
    if (start) parts.push(rest.slice(0, start));
    parts.push({ src: rest.slice(start + 2, start + 2 + length).trim() });
    rest = rest.slice(start + 2 + length + 2);
  }
  if (rest) parts.push(rest);
  return parts;
}

function closing(s: string) {
  let quote = '';
  for (let i = 0; i < s.length; i++) {
    const c = s[i];
    if (quote) { if (c === '\\') i++; else if (c === quote) quote = ''; }
    else if ('"\'`'.includes(c)) quote = c;
    else if (c === '}' && s[i + 1] === '}') return i;
  }
  return -1;
}
