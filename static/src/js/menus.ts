// Pop-up menus: placed beside the button that opened them, walked with the arrow keys.
import { $, $$ } from './dom';

/** Puts a popover under an element, or above or beside it where there is room. */
export function place(pop: HTMLElement, at: Element) {
  const r = at.getBoundingClientRect(), w = pop.offsetWidth, h = pop.offsetHeight, m = 8;
  let x = Math.min(Math.max(m, r.left), innerWidth - w - m), y = r.bottom + 6;
  if (y + h > innerHeight - m) {
    if (r.top - h - 6 > m) y = r.top - h - 6;
    else { // beside, never over, what it belongs to
      y = Math.max(m, Math.min(r.top, innerHeight - h - m));
      x = r.right + 8 + w < innerWidth - m ? r.right + 8 : Math.max(m, r.left - w - 8);
    }
  }
  pop.style.left = `${x}px`;
  pop.style.top = `${y}px`;
}

let invoker: HTMLElement | null = null;

/** The button that opened the menu that is open, or was last. */
export const opener = () => invoker;

/** Opens a menu as if that element were its button. */
export function openMenu(menu: HTMLElement, at: HTMLElement) {
  invoker = at;
  if (menu.matches(':popover-open')) menu.hidePopover();
  menu.showPopover();
}

document.addEventListener('click', e => { const b = (e.target as Element).closest<HTMLElement>('[popovertarget]'); if (b) invoker = b; }, true);

document.addEventListener('toggle', e => {
  const menu = e.target as HTMLElement, state = (e as ToggleEvent).newState;
  if (!menu.matches?.('.menu') || !invoker) return;
  if (state === 'open') {
    place(menu, invoker);
    items(menu)[0]?.focus();
  } else if (menu.contains(document.activeElement) || document.activeElement === document.body) invoker.focus();
}, true);

const items = (menu: Element) => $$('[role^=menuitem]:not(:disabled)', menu).filter(i => !i.hidden);

document.addEventListener('keydown', e => {
  const menu = (e.target as Element).closest?.<HTMLElement>('.menu');
  if (!menu) return;
  const all = items(menu), i = all.indexOf(document.activeElement as HTMLElement);
  const go = (n: number) => { e.preventDefault(); all[(n + all.length) % all.length]?.focus(); };
  if (e.key === 'ArrowDown') go(i + 1);
  else if (e.key === 'ArrowUp') go(i < 0 ? all.length - 1 : i - 1);
  else if (e.key === 'Home') go(0);
  else if (e.key === 'End') go(all.length - 1);
  else if (e.key === 'Tab') menu.hidePopover();
  else if (/^[a-z]$/i.test(e.key) && !e.ctrlKey && !e.metaKey) {
    const hit = [...all.slice(i + 1), ...all].find(x => x.textContent!.trim().toLowerCase().startsWith(e.key.toLowerCase()));
    if (hit) { e.preventDefault(); hit.focus(); }
  }
});

document.addEventListener('click', e => {
  const item = (e.target as Element).closest('.menu [role^=menuitem]');
  if (item) item.closest<HTMLElement>('.menu')!.hidePopover();
});

// Tabs: arrow keys move, a press opens.
function select(tab: HTMLElement) {
  for (const t of $$('[role=tab]', tab.closest('[role=tablist]')!)) {
    const on = t === tab;
    t.setAttribute('aria-selected', String(on));
    t.tabIndex = on ? 0 : -1;
    const panel = document.getElementById(t.getAttribute('aria-controls')!);
    if (panel) panel.hidden = !on;
  }
  tab.focus();
}
document.addEventListener('click', e => { const t = (e.target as Element).closest<HTMLElement>('[role=tab]'); if (t) select(t); });
document.addEventListener('keydown', e => {
  const t = e.target as HTMLElement;
  if (!t.matches?.('[role=tab]')) return;
  const all = $$('[role=tab]', t.closest('[role=tablist]')!), i = all.indexOf(t);
  const to = { ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: all.length - 1 }[e.key];
  if (to === undefined) return;
  e.preventDefault();
  select(all[(to + all.length) % all.length]);
});

// The theme button.
document.addEventListener('click', e => {
  if (!(e.target as Element).closest('[data-act="theme"]')) return;
  const root = document.documentElement, next = root.dataset.theme === 'dark' ? 'light' : 'dark';
  root.dataset.theme = next;
  try { localStorage.setItem('fd-theme', next); } catch { /* storage may be off */ }
});

// A form that is being sent cannot be sent twice; its button turns.
interface Sent { ctx: { sourceElement?: HTMLElement; request?: { submitter?: HTMLElement } } }
const busy = (e: Event, yes: boolean) => {
  const source = (e as CustomEvent<Sent>).detail?.ctx?.sourceElement;
  const buttons = source?.matches('form') ? $$<HTMLButtonElement>('button[type=submit]', source) : source?.matches('button') ? [source as HTMLButtonElement] : [];
  for (const b of buttons) yes ? b.setAttribute('aria-busy', 'true') : b.removeAttribute('aria-busy');
};
document.addEventListener('htmx:before:request', e => busy(e, true));
document.addEventListener('htmx:finally:request', e => busy(e, false));
document.addEventListener('submit', e => { if ($('button[type=submit][aria-busy="true"]', e.target as HTMLFormElement)) { e.preventDefault(); e.stopPropagation(); } }, true);
