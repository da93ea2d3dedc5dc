// Short names for the few things every module does with the page.
export const $ = <T extends Element = HTMLElement>(selector: string, root: ParentNode = document) => root.querySelector<T>(selector);
export const $$ = <T extends Element = HTMLElement>(selector: string, root: ParentNode = document) => [...root.querySelectorAll<T>(selector)];
export const byId = (id: string) => document.getElementById(id);
export const phone = () => matchMedia('(max-width: 760px)').matches;

/** Reads text out to whoever listens instead of looks. */
export function say(text: string) {
  const region = listened();
  if (!region) return;
  region.textContent = '';
  requestAnimationFrame(() => (region.textContent = text));
}

/** Where texts are read out from: of a page behind a dialog nothing is, so the dialog has a place of its own. */
function listened() {
  const dialog = $$('dialog:modal').at(-1);
  if (!dialog) return byId('say');
  const there = $(':scope > [data-say]', dialog);
  if (there) return there;
  const region = el('div', 'vh');
  region.dataset.say = '';
  region.setAttribute('role', 'status');
  region.setAttribute('aria-live', 'assertive');
  dialog.append(region);
  return region;
}

/** An element with classes and children. */
export function el<K extends keyof HTMLElementTagNameMap>(tag: K, classes = '', ...children: (Node | string)[]) {
  const e = document.createElement(tag);
  if (classes) e.className = classes;
  e.append(...children);
  return e;
}

/** An icon of the sprite; its address is on the root element. */
export function icon(name: string, extra = '') {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', `i ${extra}`.trim());
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', (document.documentElement.dataset.icons ?? '') + name);
  svg.append(use);
  return svg;
}

/** Whether a key press is meant for text that is being typed. */
export const typing = (t: EventTarget | null) => t instanceof Element && t.matches('input, textarea, select, [contenteditable="true"]');

/** Hears an event by its name, with what it carries. */
export function on<T = Record<string, string>>(name: string, hear: (detail: T, e: CustomEvent<T>) => void) {
  document.addEventListener(name, e => hear((e as CustomEvent<T>).detail ?? ({} as T), e as CustomEvent<T>));
}
