// The keyboard on the canvas, and the buttons that do the same. Single letters
// work only when a card itself has the focus, never while typing.
import { $, $$, byId, typing } from './dom';
import { canvas, type FdCanvas } from './canvas';
import { act, add } from './cards';
import { closeDrawer } from './dialogs';
import { nextProblem } from './problems';
import { flush, step } from './save';
import { whole } from './whole';

document.addEventListener('keydown', e => {
  const c = canvas(), t = e.target as HTMLElement;
  if (!c || e.defaultPrevented || document.querySelector('dialog[open], :popover-open')) return;
  if (anywhere(e, t)) return;
  const card = t.closest<HTMLElement>('[data-step]');
  if (!card || !c.contains(card)) return;
  if (t !== card) { if (e.key === 'Escape') { e.preventDefault(); card.focus(); } return; }
  if (onCard(e, card, c)) e.preventDefault();
});

/** Keys that work wherever the focus is. */
function anywhere(e: KeyboardEvent, t: HTMLElement) {
  const ctrl = e.ctrlKey || e.metaKey, key = e.key.toLowerCase();
  const does = (f: () => void) => { e.preventDefault(); f(); return true; };
  if (e.key === 'F8') return does(nextProblem);
  if (!ctrl) return false;
  if (key === 's') return does(() => void flush());
  if (key === 'enter') return does(() => ($<HTMLElement>('.drawer [data-act="run-test"]') ?? $<HTMLElement>('[data-run]:not(:disabled)'))?.click());
  if ((key === 'z' || key === 'y') && !typing(t)) return does(() => step(key === 'y' || e.shiftKey ? 'redo' : 'undo'));
  if ((key === 'z' || key === 'y') && t.matches('.compose') && !t.closest('fd-compose')!.hasAttribute('data-ui-typed')) return does(() => step(key === 'y' || e.shiftKey ? 'redo' : 'undo'));
  if (t.closest('fd-canvas') && ['+', '=', '-', '0'].includes(key)) return does(() => zoom(key === '0' ? 'fit' : key === '-' ? 'out' : 'in'));
  return false;
}

function onCard(e: KeyboardEvent, card: HTMLElement, c: FdCanvas): boolean {
  const all = c.cards().filter(x => x.checkVisibility()), i = all.indexOf(card);
  const to = (n: number) => { c.go(all[Math.max(0, Math.min(all.length - 1, n))]); return true; };
  const does = (name: string) => { act(name, card); return true; };
  if (e.altKey) {
    if (e.key === 'ArrowLeft' || e.key === 'ArrowUp') return does('earlier');
    if (e.key === 'ArrowRight' || e.key === 'ArrowDown') return does('later');
    return false;
  }
  if (e.ctrlKey || e.metaKey) return e.key.toLowerCase() === 'd' ? does('duplicate') : false;
  switch (e.key) {
    case 'ArrowRight': case 'ArrowDown': return to(i + 1);
    case 'ArrowLeft': case 'ArrowUp': return to(i - 1);
    case 'Home': return to(0);
    case 'End': return to(all.length - 1);
    case 'Enter': return into(card, c);
    case 'Delete': return does('delete');
    case 'F2': return does('trigger' in card.dataset ? 'change-start' : 'rename');
    case 'ContextMenu': $<HTMLElement>('[popovertarget=cardmenu]', card)?.click(); return true;
    case '?': $<HTMLElement>('[data-open=dlg-keys]')?.click(); return true;
  }
  const letter = { a: 'add', t: 'test', c: 'collapse', n: 'note', m: 'carry-card' }[e.key];
  return letter ? does(letter) : false;
}

function into(card: HTMLElement, c: FdCanvas) {
  c.collapse(card, false);
  void whole(card).then(first);
  return true;
}

function first(card: HTMLElement) {
  const first = $$<HTMLElement>('.compose, input, select, .conn, .out, .btn, button', card).find(x => x.checkVisibility() && !x.closest('.chead, .cnote'));
  first?.focus();
}

function zoom(how: string) {
  const c = canvas()!;
  if (how === 'fit') c.fit(); else c.setZoom(c.zoom + (how === 'in' ? 0.1 : -0.1));
}

document.addEventListener('click', e => {
  const button = (e.target as Element).closest<HTMLElement>('[data-act]'), c = canvas();
  const name = button?.dataset.act;
  if (!name || !c) return;
  if (name.startsWith('zoom-')) zoom(name.slice(5));
  else if (name === 'layout') c.turn();
  else if (name === 'wires') { c.wires.on = !c.wires.on; button.setAttribute('aria-pressed', String(c.wires.on)); c.wires.draw(); }
  else if (name === 'add-here') {
    const chosen = c.selected?.closest('li.step');
    const at = (chosen && $<HTMLElement>(':scope > .joint [data-add]', chosen)) ?? byId('step-add')?.querySelector<HTMLElement>('[data-add]');
    if (at) add(at);
  }
});

// A drawer takes room: when the window is narrow it covers the canvas.
document.addEventListener('fd:saved', () => { const d = $('.drawer[data-step]'); if (d && !byId('card-' + d.dataset.step)) closeDrawer(); });
