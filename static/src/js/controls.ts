// Ordinary controls on cards: what is changed in them becomes an edit.
import { $, $$, byId, on } from './dom';
import { pending, post, type Edit } from './save';

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;
const stepOf = (e: Element) => e.closest<HTMLElement>('[data-step]')?.dataset.step ?? '';
const blockOf = (e: Element) => e.closest<HTMLElement>('.kv-edit[data-block]')?.dataset.block;
const value = (c: Control) => (c instanceof HTMLInputElement && c.type === 'checkbox' ? String(c.checked) : c.value);

function set(c: Control) {
  const d = c.dataset, edit: Edit = { op: 'set', step: stepOf(c), field: d.field!, value: value(c) };
  if (d.key) edit.key = d.key;
  if (d.row) { edit.row = d.row; edit.col = d.col!; }
  keep(c, edit);
  post(edit);
}

/* What was chosen stays while it is on its way, also when an edit before it is answered. */
const kept = new Map<HTMLElement, Edit>();
function keep(c: HTMLElement, edit: Edit) {
  c.dataset.uiBusy = '1';
  kept.set(c, edit);
}
document.addEventListener('htmx:before:swap', () => {
  for (const [c, edit] of kept) if (!pending(edit)) { delete c.dataset.uiBusy; kept.delete(c); }
});

/* Typing waits 400 ms; leaving, and whatever needs all saved, does not. */
const typed = new Map<Control, { timer: number; hand: () => void }>();
function later(c: Control, hand: () => void) {
  clearTimeout(typed.get(c)?.timer);
  typed.set(c, { timer: window.setTimeout(() => now(c), 400), hand });
}
function now(c: Control) {
  const t = typed.get(c);
  if (!t) return;
  clearTimeout(t.timer);
  typed.delete(c);
  t.hand();
}
on('fd:flush', () => { for (const c of [...typed.keys()]) now(c); });

// Shows what the server holds again, unless something new was typed.
on('fd:reset', () => {
  const fields = $$<HTMLInputElement | HTMLTextAreaElement>(':is(input[data-set], [data-policy] input):not([type=checkbox]), textarea[data-note]');
  for (const c of fields) if (!typed.has(c) && !(c === document.activeElement && c.closest('[data-policy]'))) c.value = c.defaultValue;
});

document.addEventListener('input', e => {
  const c = e.target as Control;
  if (c.matches('input[data-set]:not([type=checkbox])')) later(c, () => set(c));
  else if (c.matches('textarea[data-note]')) later(c, () => post({ op: 'note', step: stepOf(c), value: c.value }));
});

document.addEventListener('change', e => {
  const c = e.target as Control;
  if (c.matches('select[data-set], input[type=checkbox][data-set]')) set(c);
  else if (typed.has(c)) now(c);
  else if (c.matches('[data-new-key]')) newKey(c as HTMLInputElement);
  else if (c.matches('[data-rename-key]')) renameKey(c as HTMLInputElement);
  else if (c.closest('[data-policy]')) policy(c.closest<HTMLFormElement>('[data-policy]')!);
});

document.addEventListener('keydown', e => {
  const c = e.target as HTMLInputElement;
  if (e.key !== 'Enter' || !c.matches?.('[data-new-key], [data-rename-key], input[data-set]')) return;
  e.preventDefault();
  if (c.matches('[data-new-key]')) newKey(c);
  else if (c.matches('[data-rename-key]')) renameKey(c);
  else now(c);
});

/** Remembers where the focus is to go when the row of a name is there. */
function focusRow(step: string, field: string, key: string) {
  const find = () => {
    const card = byId('card-' + step);
    const row = card && [...card.querySelectorAll<HTMLElement>('[data-kvrow]')].find(r => r.dataset.kvrow === key && $(`[data-rename-key][data-field="${CSS.escape(field)}"]`, r));
    if (!row) return;
    document.removeEventListener('fd:saved', find);
    $('.compose', row)?.focus();
  };
  document.addEventListener('fd:saved', find);
}

// A row was added: it is opened, and what comes first in it is typed next.
on<{ edit: Edit; status: number }>('fd:saved', ({ edit, status }) => {
  const card = edit.op === 'add_item' && status === 200 ? byId('card-' + edit.step) : null;
  const list = card && $(`[data-item="add_item"][data-field="${CSS.escape(edit.field)}"]`, card)?.parentElement;
  if (!list) return;
  const fold = list.closest('details');
  if (fold) fold.open = true;
  const row = list.matches('.laneadd') ? list.closest('.lane') : $$('.cellrow, .cond', list).at(-1);
  if (row) $('input, .compose', row)?.focus();
});

function newKey(c: HTMLInputElement) {
  const key = c.value.trim(), step = stepOf(c), field = c.dataset.field!, block = blockOf(c);
  if (!key) return;
  c.value = '';
  focusRow(step, field, key);
  post(block ? { op: 'result_set', step, block, key, value: '' } : { op: 'set', step, field, key, value: '' });
}

/* Enter hands a new name in, and leaving the field does too: once is enough. */
const renaming = new Map<Element, string>();
on('fd:saved', () => renaming.clear());

function renameKey(c: HTMLInputElement) {
  const key = c.dataset.renameKey!, to = c.value.trim(), step = stepOf(c), field = c.dataset.field!, block = blockOf(c);
  if (!to) { c.value = key; return; }
  if (to === key || renaming.get(c) === to) return;
  renaming.set(c, to);
  if (c.closest('.kvrow')?.contains(document.activeElement)) focusRow(step, field, to);
  post(block ? { op: 'result_rename', step, block, key, to } : { op: 'rename_key', step, field, key, to });
}

/* What happens when the card fails is one form, sent whole. */
function policy(form: HTMLFormElement, more: Edit = {}) {
  const fields = Object.fromEntries([...new FormData(form)].map(([k, v]) => [k, String(v)]));
  const edit: Edit = { ...fields, op: 'policy', step: stepOf(form), ...more };
  for (const c of $$('select, input[type=checkbox]', form)) keep(c, edit);
  post(edit);
}

document.addEventListener('click', e => {
  const t = e.target as Element, form = t.closest<HTMLFormElement>('[data-policy]');
  const dropped = t.closest<HTMLElement>('[data-policy-drop]');
  if (form && t.closest('[data-policy-add]')) policy(form, { add: '1' });
  if (form && dropped) policy(form, { drop: dropped.dataset.policyDrop! });
  const item = t.closest<HTMLElement>('[data-item]');
  if (!item) return;
  const d = item.dataset, edit: Edit = { op: d.item!, step: stepOf(item), field: d.field! }, block = blockOf(item);
  if (d.key !== undefined) edit.key = d.key;
  if (d.row !== undefined) edit.row = d.row;
  if (block) { edit.op = 'result_unset'; edit.block = block; delete edit.field; }
  post(edit);
});

document.addEventListener('submit', e => {
  const form = e.target as HTMLFormElement;
  if (form.matches('[data-policy]')) e.preventDefault();
  if (!form.matches('[data-addout]')) return;
  e.preventDefault();
  const path = $<HTMLInputElement>('[name=path]', form)!, type = $<HTMLSelectElement>('[name=type]', form)!;
  if (!path.value.trim()) return path.focus();
  post({ op: 'output_add', step: stepOf(form), path: path.value.trim(), type: type.value });
  path.value = '';
  form.hidden = true;
});

// A note that is left is shown as it reads.
document.addEventListener('focusout', e => {
  const t = e.target as HTMLElement;
  if (t.matches?.('textarea[data-note]')) t.parentElement!.removeAttribute('data-ui-noting');
});
