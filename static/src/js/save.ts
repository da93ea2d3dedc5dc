// The way every edit takes to the server: one at a time, in order, each with the
// revision the page shows. Nothing is lost while the network is away.
import htmx from './htmx';
import { byId, el, icon, on } from './dom';
import { placeOf } from './moves';
import { sentence } from './failures';
import { signInAgain } from './signin';
import { toast } from './toast';
import { keepUnsaved, supersede, takeUnsaved, unsaved } from './unsaved';
import { wholeCards } from './whole';
import { ownZone } from './zones';

export type Edit = Record<string, string>;

let waiting: Edit[] = [];   // not sent yet
let sending: Edit | null = null;
let drawing = false;        // an answer; until it is drawn the page shows the revision before it
let refused: Edit[] = [];   // somebody else was first; the person decides
const doubted = new WeakSet<Edit>(); // their answers were lost: the server may have them already
let failures = 0, timer = 0;
let signedOut = false;      // and whoever was asked to sign in did not want to now
const settled: (() => void)[] = [];

const world = () => byId('canvas-world');
const flow = () => '/flows/' + (byId('builder')?.dataset.flow ?? '');
const place = (e: Edit) => [e.op, e.step, e.field, e.key, e.row, e.col, e.block].join('\n');
const merges = (e: Edit) => e.op === 'set' || e.op === 'note' || e.op === 'result_set' || (e.op === 'policy' && !e.add && !e.drop);

/** Sends an edit, after those before it. Typing in one place is one edit. */
export function post(edit: Edit) {
  if (edit.op === 'trigger') edit.zone = ownZone();
  const same = merges(edit) ? waiting.findIndex(w => place(w) === place(edit)) : -1;
  if (same >= 0) waiting[same] = edit; else waiting.push(edit);
  if (merges(edit)) supersede(e => place(e) === place(edit));
  if (signedOut) status(unsigned, 'triangle-alert', 'warn'); else status('Saving…', 'loader');
  next();
}

/** Whether an edit of that value is on its way, or was turned down and is kept. */
export const pending = (edit: Edit) => [sending, ...waiting, ...unsaved()].some(w => w && place(w) === place(edit));

/**
 * Has every field hand in what was typed, and waits until all is saved. What waits for the
 * person to decide gets the focus, unless whoever asks can do without.
 */
export async function flush(quiet = false): Promise<boolean> {
  document.dispatchEvent(new CustomEvent('fd:flush'));
  if (signedOut) again();
  if (sending || drawing || waiting.length) await new Promise<void>(resolve => settled.push(resolve));
  if (!refused.length && !unsaved().length) return true;
  if (quiet) return false;
  toast({ text: (refused.length ? 'Somebody else saved first' : 'Not saved') + '. Decide what becomes of your edit.', kind: 'err' });
  byId(refused.length ? 'conflict' : 'unsaved')?.querySelector('button')?.focus();
  return false;
}

async function next() {
  if (sending || drawing || !waiting.length || timer || !world()) return;
  sending = waiting.shift()!;
  const answer = await send(sending);
  if (answer === 'later') { waiting.unshift(sending); sending = null; return; }
  const done = sending;
  sending = null;
  drawing = true;
  try { if (answer) await apply(answer.res, answer.text, done); } finally { drawing = false; }
  if (waiting.length) { status('Saving…', 'loader'); next(); return; }
  if (unsaved().length) status('Not saved', 'triangle-alert', 'warn');
  settled.splice(0).forEach(f => f());
}

async function send(edit: Edit): Promise<{ res: Response; text: string } | 'later' | null> {
  let res: Response, text: string;
  try {
    const { url, ...fields } = edit;
    res = await fetch(url ?? flow() + '/edit', {
      method: 'POST', headers: { 'HX-Request': 'true', 'HX-Current-URL': location.href },
      body: new URLSearchParams({ ...fields, rev: byId('flow-rev')?.getAttribute('value') ?? '', whole: wholeCards(), ...(doubted.has(edit) && { again: '1' }) }),
    });
    text = await res.text(); // the network may break in the middle of it
  } catch {
    doubted.add(edit);
    return retry('Not saved: offline. Retrying');
  }
  if (res.redirected && new URL(res.url).pathname === '/login' || res.status === 401) { hold(); signInAgain(); return 'later'; }
  if (res.status >= 500) doubted.add(edit);
  if (res.status >= 500 || res.status === 429) return retry('Not saved: the server failed. Retrying');
  failures = 0;
  byId('offline')?.replaceChildren();
  if (res.ok || res.status === 409 || res.status === 422) return { res, text };
  const why = sentence(res.status) || `That was refused (${res.status}).`;
  if (edit.url) toast({ text: why, kind: 'err' }); else keepUnsaved(edit, why);
  status('Not saved', 'triangle-alert', 'warn');
  return null;
}

function retry(text: string): 'later' {
  failures++;
  status(text, 'triangle-alert', 'warn');
  if (failures === 3) {
    const box = document.createElement('div');
    box.textContent = `${text.replace('. Retrying', '')}. What you changed is kept here and sent as soon as possible.`;
    byId('offline')?.replaceChildren(box);
  }
  hold();
  timer = window.setTimeout(again, Math.min(15000, 1000 * 2 ** (failures - 1)));
  return 'later';
}
function hold() { clearTimeout(timer); timer = -1; }
function again() { clearTimeout(timer); timer = 0; signedOut = false; next(); }
addEventListener('online', again);
on('fd:signed-in', again);

// Not to sign in now leaves the edits waiting: that is said, and the way back is there.
const unsigned = 'Not saved: signed out';
on('fd:not-now', () => {
  if (!waiting.length) return;
  signedOut = true;
  status(unsigned, 'triangle-alert', 'warn');
  const button = el('button', 'btn sm', 'Sign in');
  button.type = 'button';
  button.addEventListener('click', again);
  byId('offline')?.replaceChildren(el('div', '', 'Not saved: you are signed out. What you changed is kept here. ', button));
});

async function apply(res: Response, text: string, edit: Edit) {
  if (res.status === 409) { refused.push(...[edit, ...waiting].filter(e => !e.url)); waiting = []; }
  const said = triggers(res.headers.get('HX-Trigger'));
  const restore = 'fd:restore' in said;
  const held = restore ? (document.activeElement as HTMLElement | null) : null;
  const onCanvas = !!held?.closest('fd-canvas');
  held?.blur(); // a field with the focus would not take the restored value
  const target = world();
  if (text.trim() && target) await htmx.swap({ text, target, sourceElement: target, swap: 'outerMorph', hx: {} });
  if (res.status === 409) document.dispatchEvent(new CustomEvent('fd:reset')); // what was refused is not what the flow says
  document.dispatchEvent(new CustomEvent('fd:saved', { detail: { edit, status: res.status } }));
  if (held?.isConnected) held.focus({ preventScroll: true });
  else if (onCanvas) document.querySelector<HTMLElement>('fd-canvas [data-ui-selected]')?.focus(); // what had the focus was undone
  const at = document.activeElement;
  if (at instanceof HTMLButtonElement && at.disabled) at.closest('.top')?.querySelector<HTMLElement>('.livebtn')?.focus(); // a button that has done its work
  for (const [name, detail] of Object.entries(said)) document.dispatchEvent(new CustomEvent(name, { detail: { ...(detail as object), edit } }));
}

function triggers(header: string | null): Record<string, unknown> {
  if (!header) return {};
  if (header.trim().startsWith('{')) { try { return JSON.parse(header); } catch { return {}; } }
  return Object.fromEntries(header.split(',').map(n => [n.trim(), {}]));
}

/** What the top bar says about saving; the next answer of the server replaces it. */
function status(text: string, name: string, kind = '') {
  const host = byId('saved');
  if (!host) return;
  host.className = `saved ${kind}`.trim();
  host.replaceChildren(icon(name, name === 'loader' ? 'spin' : ''), document.createTextNode(text));
}

document.addEventListener('click', e => {
  const act = (e.target as Element).closest<HTMLElement>('[data-act]')?.dataset.act;
  if (act === 'conflict-apply') { const edits = refused; refused = []; byId('conflict')?.replaceChildren(); edits.forEach(e => post(placed(e))); }
  if (act === 'conflict-discard') { refused = []; byId('conflict')?.replaceChildren(); }
  if (act === 'unsaved-send') takeUnsaved().forEach(e => post(placed(e)));
  if (act === 'unsaved-discard') { takeUnsaved(); document.dispatchEvent(new CustomEvent('fd:reset')); document.dispatchEvent(new CustomEvent('fd:refresh')); }
  if (act === 'undo' || act === 'redo') step(act);
});

/** An edit that says after which card its place is, with that card's place on the page as it is now. */
function placed(e: Edit): Edit {
  const card = e.after ? byId('card-' + e.after) : null;
  if (!card) return e;
  const { parent, index } = placeOf(card);
  return { ...e, parent, index: String(index + 1) };
}

/** Undo or redo: after what is on its way. */
export function step(direction: 'undo' | 'redo') {
  flush().then(ok => ok && post({ op: direction, url: `${flow()}/${direction}` }));
}
on('fd:undo', d => flush().then(ok => ok && post({ op: 'undo', url: d.url })));
on('fd:connect', d => post({ op: 'connect', step: d.step, value: d.connection }));

// Buttons that need everything saved first, then do what they say.
document.addEventListener('click', e => {
  const b = (e.target as Element).closest<HTMLElement>('[data-flush]');
  if (b) flush().then(ok => ok && b.isConnected && b.dispatchEvent(new CustomEvent('fd:go')));
});

// Buttons that are an edit.
document.addEventListener('click', e => {
  const b = (e.target as Element).closest<HTMLElement>('[data-edit]');
  if (b) post(JSON.parse(b.dataset.edit!) as Edit);
});

addEventListener('beforeunload', e => {
  document.dispatchEvent(new CustomEvent('fd:flush'));
  if (sending || waiting.length || refused.length || unsaved().length) e.preventDefault();
});
