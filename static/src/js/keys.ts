// The keyboard on the canvas, and the buttons that do the same. Which keys there are
// says the sheet of shortcuts; here is what they do. Single letters work only when a
// card itself has the focus, never while typing.
import { $, $$, byId, typing } from './dom';
import { canvas, type FdCanvas } from './canvas';
import { act, add } from './cards';
import { choose, chooseAll, chooseTo, chosen, unchoose } from './choose';
import { closeDrawer } from './dialogs';
import { nextProblem } from './problems';
import { flush, step } from './save';
import { toast } from './toast';
import { whole } from './whole';

/** Does something when its keys are pressed. False leaves the keys to the browser. */
type Deed = (c: FdCanvas, card: HTMLElement | null, t: HTMLElement) => boolean | void;

const walk = (by: number, range = false): Deed => (c, card) => {
  const all = c.cards().filter(x => x.checkVisibility()), to = all[Math.max(0, Math.min(all.length - 1, by === Infinity ? all.length - 1 : by === -Infinity ? 0 : all.indexOf(card!) + by))];
  if (range) chooseTo(to); else unchoose();
  c.go(to);
};
const back: Deed = (_, card, t) => {
  if (t !== card) return card ? (card.focus(), true) : false;
  if (!chosen().length) return false;
  unchoose();
};
const travel = (way: 'undo' | 'redo'): Deed => (_, __, t) => {
  if (typing(t) && !(t.matches('.compose') && !t.closest('fd-compose')!.hasAttribute('data-ui-typed'))) return false;
  step(way);
};
const zoom = (how: string) => {
  const c = canvas()!;
  if (how === 'fit') c.fit(); else c.setZoom(c.zoom + (how === 'in' ? 0.1 : -0.1));
};
const marked = () => !getSelection()?.isCollapsed; // text: what Ctrl+C then means

const deeds: Record<string, Deed> = {
  'next': walk(1), 'previous': walk(-1), 'first': walk(-Infinity), 'last': walk(Infinity),
  'choose-next': walk(1, true), 'choose-previous': walk(-1, true),
  'choose-one': (_, card) => { if (card && !('trigger' in card.dataset)) choose(chosen().includes(card) ? chosen().filter(x => x !== card) : [...chosen(), card]); },
  'choose-all': () => chooseAll(),
  'into': (c, card) => { c.collapse(card!, false); void whole(card!).then(first); },
  'back': back,
  'find': () => { early ??= ''; void import('./find').then(m => m.openFind(early ?? '')).catch(() => toast({ text: 'The search could not be loaded. Reload the page and try again.', kind: 'err' })).finally(() => { early = null; }); },
  'outline': () => void import('./outline').then(m => m.toggleOutline()),
  'problem': () => nextProblem(),
  'title': (_, card) => act('trigger' in card!.dataset ? 'change-start' : 'rename', card!),
  'menu': (_, card) => $<HTMLElement>('[popovertarget=cardmenu]', card!)?.click(),
  'copy': (_, card) => marked() ? false : act('copy', card!), 'cut': (_, card) => marked() ? false : act('cut', card!),
  'undo': travel('undo'), 'redo': travel('redo'),
  'save': () => void flush(),
  'run': () => ($<HTMLElement>('.drawer [data-act="run-test"]') ?? $<HTMLElement>('[data-run]:not(:disabled)'))?.click(),
  'zoom-in': () => zoom('in'), 'zoom-out': () => zoom('out'), 'zoom-fit': () => zoom('fit'),
  'keys': () => $<HTMLElement>('[data-open=dlg-keys]')?.click(),
};

/* What is typed while the bar to find with is fetched goes into it, and does nothing to the cards. */
let early: string | null = null;
addEventListener('keydown', e => {
  if (early === null || e.key.length > 1 || e.ctrlKey || e.metaKey || e.altKey) return;
  early += e.key;
  e.preventDefault();
  e.stopImmediatePropagation();
}, true);

/* Which keys do what, by where they count. */
let sheet: Map<string, string> | null = null;
function keys() {
  if (!sheet) {
    sheet = new Map();
    for (const d of $$('#dlg-keys [data-keys]')) for (const pair of d.dataset.keys!.split('\n')) {
      const [key, does] = pair.split(' ');
      sheet.set(`${d.dataset.where} ${key}`, does);
    }
  }
  return sheet;
}

/** A key press as the list writes it. */
function pressed(e: KeyboardEvent) {
  const one = e.key.length === 1, letter = /^[a-z]$/i.test(e.key);
  const key = e.code === 'Space' ? 'Space' : letter ? e.key.toUpperCase() : e.key;
  return [(e.ctrlKey || e.metaKey) && 'Ctrl', e.altKey && 'Alt', e.shiftKey && (!one || letter) && 'Shift', key].filter(Boolean).join('+');
}

document.addEventListener('keydown', e => {
  const c = canvas(), t = e.target as HTMLElement;
  if (!c || e.defaultPrevented || document.querySelector('dialog[open], :popover-open')) return;
  const inside = t.closest<HTMLElement>('[data-step]'), card = inside && c.contains(inside) ? inside : null, key = pressed(e);
  const where = ['page', t.closest('fd-canvas') && 'canvas', card === t && 'card'];
  for (const w of where) {
    const name = w && keys().get(`${w} ${key}`);
    if (!name) continue;
    if ((deeds[name] ? deeds[name](c, card, t) : act(name, card!)) !== false) e.preventDefault();
    return;
  }
});

function first(card: HTMLElement) {
  const at = $$<HTMLElement>('.compose, input, select, .conn, .out, .btn, button', card).find(x => x.checkVisibility() && !x.closest('.chead, .cnote'));
  at?.focus();
}

document.addEventListener('click', e => {
  const button = (e.target as Element).closest<HTMLElement>('[data-act]'), c = canvas();
  const name = button?.dataset.act;
  if (!name || !c) return;
  if (name.startsWith('zoom-')) zoom(name.slice(5));
  else if (name === 'find' || name === 'outline') deeds[name](c, c.selected, button);
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
