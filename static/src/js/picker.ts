// Pickers: a search field over a list, as the combobox pattern has it. The focus
// stays in the search field; the arrow keys move through the list.
import { $, $$, byId } from './dom';
import { place } from './menus';

type Choose = (option: HTMLElement, withShift: boolean) => void;
let chosen: Choose = () => { };
let from: HTMLElement | null = null;
let card: HTMLElement | null = null; // that had the focus: a key opened the picker

/** Opens a picker beside an element. */
export function openPicker(id: string, at: Element, choose: Choose, query = '') {
  const p = byId(id);
  if (!p) return;
  const input = $<HTMLInputElement>('input', p)!;
  chosen = choose;
  from = at as HTMLElement;
  card = document.activeElement?.matches('[data-step]') ? document.activeElement as HTMLElement : null;
  input.value = query;
  filter(p, query);
  if (!p.matches(':popover-open')) p.showPopover();
  place(p, at);
  input.focus();
}

function filter(p: HTMLElement, query: string) {
  const words = query.trim().toLowerCase().split(/\s+/).filter(Boolean), options = $$('.opt', p);
  for (const o of options) o.hidden = o.dataset.always === undefined && !words.every(w => o.dataset.k!.includes(w));
  for (const g of $$('[role=group]', p)) g.hidden = !$('.opt:not([hidden])', g);
  const seen = options.filter(o => !o.hidden);
  const nothing = $('.nothing', p);
  if (nothing) nothing.hidden = seen.some(o => o.dataset.always === undefined);
  const named = seen.find(o => $('b', o)!.textContent!.toLowerCase().startsWith(words.join(' '))); // a name beats a description
  mark(p, (words.length ? named : null) ?? seen[0] ?? null);
}

/** Applies what is typed to a list that has changed. */
export const refilter = (p: HTMLElement) => filter(p, $<HTMLInputElement>('input', p)!.value);

function mark(p: HTMLElement, option: HTMLElement | null) {
  for (const o of $$('.opt[aria-selected=true]', p)) o.setAttribute('aria-selected', 'false');
  const input = $('input', p)!;
  if (!option) return input.removeAttribute('aria-activedescendant');
  option.setAttribute('aria-selected', 'true');
  input.setAttribute('aria-activedescendant', option.id);
  option.scrollIntoView({ block: 'nearest' });
}

function choose(p: HTMLElement, option: HTMLElement | undefined | null, shift: boolean) {
  if (!option) return;
  chosen(option, shift); // an edit is on its way while the list goes
  p.hidePopover();
}

document.addEventListener('input', e => { const p = (e.target as Element).closest<HTMLElement>('.picker'); if (p) filter(p, (e.target as HTMLInputElement).value); });

document.addEventListener('keydown', e => {
  const p = (e.target as Element).closest?.<HTMLElement>('.picker');
  if (!p) return;
  const seen = $$('.opt', p).filter(o => !o.hidden), i = seen.findIndex(o => o.getAttribute('aria-selected') === 'true');
  const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[e.key];
  if (step) {
    e.preventDefault();
    const to = Math.abs(step) === 1 ? (i + step + seen.length) % seen.length : Math.max(0, Math.min(seen.length - 1, i + step));
    mark(p, seen[to] ?? null);
  } else if (e.key === 'Enter') { e.preventDefault(); choose(p, seen[i], e.shiftKey); }
  else if (e.key === 'Escape' || e.key === 'Tab') { e.preventDefault(); e.stopPropagation(); p.hidePopover(); (card ?? from)?.focus(); }
}, true);

document.addEventListener('click', e => {
  const option = (e.target as Element).closest<HTMLElement>('.picker .opt');
  if (option) choose(option.closest<HTMLElement>('.picker')!, option, e.shiftKey);
});

// The button that opened it says so.
document.addEventListener('toggle', e => {
  const p = e.target as HTMLElement;
  if (p.matches?.('.picker') && from?.matches('[aria-haspopup]')) from.setAttribute('aria-expanded', String((e as ToggleEvent).newState === 'open'));
}, true);
