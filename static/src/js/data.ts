// The data picker: what earlier cards give to the card of a field. Its list is
// made from the outputs on the canvas, nearest card first.
import { $, $$, byId, el, icon, on } from './dom';
import type { FdCompose } from './compose';
import { place } from './menus';
import { openPicker } from './picker';
import { factsOf, type Facts } from './pill';
import { outsOf, whole } from './whole';

/** Ids of the steps whose outputs a card may use, nearest first. */
export const sees = (card: HTMLElement | null) => sources(card).map(s => s.replace('?', ''));

/** The same, with a question mark on those that may not have run. "^get" stands for all that get sees. */
function sources(card: HTMLElement | null): string[] {
  const list: string[] = [];
  for (let at = card; at;) {
    let rest: HTMLElement | null = null;
    for (const s of (at.dataset.sees ?? '').split(' ')) if (s[0] === '^') rest = byId('card-' + s.slice(1)); else if (s) list.push(s);
    at = rest;
  }
  return list;
}

/** Where the values that may be used at a place are told: the lane whose outputs it is in, else its card. */
export const scopeOf = (at: Element) => at.closest('.kv-edit[data-block]')?.closest<HTMLElement>('.lane') ?? at.closest<HTMLElement>('[data-step]');

/** Whether a place is in an input that is looked at while the card runs. */
export const late = (at: Element) => {
  const field = at.closest<HTMLElement>('[data-field]')?.dataset.field ?? '', card = at.closest<HTMLElement>('[data-step]');
  return (card?.dataset.late ?? '').split(' ').includes(field.split('.')[0]) && !at.closest('.lane');
};

/** Whether an output may be used at a place: what a card offers inside of a lane, only there. */
export function reaches(out: HTMLElement, at: Element) {
  const from = out.closest<HTMLElement>('[data-step]'), lane = out.closest('.gives')?.closest('.lane');
  if (!from) return true;
  if (lane) return lane.contains(at) && (at.closest('[data-step]') !== from || !!at.closest('.kv-edit[data-block]')) || from.contains(at) && late(at);
  return sees(scopeOf(at)).includes(from.dataset.step!) && !from.contains(at);
}

/** What is known of a reference as the card of a field would see it. */
export function factsFor(src: string, card: HTMLElement | null): Facts {
  const f = factsOf(src), step = src.match(/^\w+/)?.[0] ?? '';
  if (sources(card).includes(step + '?')) { f.y = true; f.w = `Empty when the branch of step ${f.n} did not run. Give it a fallback.`; }
  return f;
}

/** What the cards before a field give to it, nearest card first, whether or not they have their forms on the page. */
export function offered(field: Element): { from: HTMLElement; outs: HTMLElement[] }[] {
  const card = field.closest<HTMLElement>('[data-step]'), own = card && late(field) ? [card.dataset.step!] : [];
  return [...own, ...sees(scopeOf(field))].flatMap(id => {
    const from = byId('card-' + id);
    if (!from) return [];
    const outs = $$('.out', from).filter(o => o.closest('[data-step]') === from && reaches(o, field));
    return [{ from, outs: from.contains(field) ? outs : [...outs, ...light(from), ...learned(from)] }];
  });
}

/** Waits for what light cards before a field have learned from their answers; nothing when all is there. */
export function learnedOf(field: Element): Promise<unknown> | null {
  const more = sees(scopeOf(field)).map(id => byId('card-' + id)!).filter(c => c && 'light' in c.dataset && 'more' in c.dataset).slice(0, 20);
  return more.length ? Promise.all(more.map(whole)) : null;
}

function fill(list: HTMLElement, field: Element) {
  list.replaceChildren();
  let n = 0;
  const group = (name: string, number: string, hue: string, outs: HTMLElement[]) => {
    if (!outs.length) return;
    const box = el('div', `hue h-${hue}`), head = el('div', 'grp');
    box.setAttribute('role', 'group');
    box.setAttribute('aria-label', name);
    head.setAttribute('aria-hidden', 'true');
    if (number) head.append(el('span', 'stepno', number));
    head.append(name);
    box.append(head, ...outs.map(o => option(o, name, `dp-${n++}`)));
    list.append(box);
  };
  for (const { from, outs } of offered(field)) group(from.dataset.name!, from.dataset.number!, from.dataset.hue!, outs);
  group('This run', '', 'run', $$('#globals > li'));
  const write = el('div', 'opt data', icon('square-function'), el('div', '', el('b', '', 'Write an expression…')));
  write.id = 'dp-write';
  write.setAttribute('role', 'option');
  write.setAttribute('aria-selected', 'false');
  Object.assign(write.dataset, { k: 'write an expression function calculate formula', always: '' });
  list.append(write);
}

/** The outputs of a card that is drawn without them. */
const light = (card: HTMLElement) => outsOf(card).map(([ref, label, type, sample, depth]) => outputLike(ref, label, type, sample, depth !== '0'));

/** What the answers of a card had beside its outputs, as elements like those on the canvas. */
function learned(card: HTMLElement) {
  const rows = JSON.parse(card.dataset.learned ?? '[]') as [ref: string, label: string, type: string, sample: string][];
  return rows.map(([ref, label, type, sample]) => outputLike(ref, label, type, sample, ref.split(/[.[]/).length > 3));
}

function outputLike(ref: string, label: string, type: string, sample: string, deep: boolean) {
  const out = el('div', deep ? 'out deep' : 'out');
  Object.assign(out.dataset, { out: ref, label, type });
  const like = $(`.ty[data-type="${type}"], .out[data-type="${type}"] .ty`);
  out.append(like?.cloneNode(true) ?? el('span', 'ty'), el('span', 'vl', sample));
  return out;
}

function option(out: HTMLElement, of: string, id: string) {
  const d = out.dataset, o = el('div', 'opt data'), name = el('div', '', el('b', '', d.label!));
  o.id = id;
  o.setAttribute('role', 'option');
  o.setAttribute('aria-selected', 'false');
  o.dataset.insert = d.out!;
  o.dataset.k = `${d.label} ${of} ${d.out}`.toLowerCase();
  const mark = $('.ty', out)?.cloneNode(true) ?? el('span', 'ty'), sample = $('.vl', out)?.textContent ?? '';
  o.append(mark, name, el('span', 'vl', sample));
  if (out.classList.contains('deep')) o.classList.add('deep');
  return o;
}

on<{ field: FdCompose; query?: string }>('fd:data', ({ field, query }) => {
  const list = byId('datapicker-l');
  if (!list) return;
  fill(list, field);
  void learnedOf(field)?.then(() => { if (list.checkVisibility()) { fill(list, field); $('#datapicker input')!.dispatchEvent(new Event('input', { bubbles: true })); } });
  openPicker('datapicker', field.box, (o, shift) => {
    if (o.id === 'dp-write') return void field.writeExpression($<HTMLInputElement>('#datapicker input')!.value);
    field.insert(o.dataset.insert!, factsFor(o.dataset.insert!, scopeOf(field)));
    if (!shift) return;
    const pills = $$('.pill', field.box).filter(p => p.dataset.ref === o.dataset.insert);
    openPill(field, pills.at(-1)!, true);
  }, query);
});

/* One pill: what it stands for, what to use when that is empty. */
let open: { field: FdCompose; pill: HTMLElement } | null = null;
on<{ field: FdCompose; pill: HTMLElement }>('fd:pill', ({ field, pill }) => openPill(field, pill));

function openPill(field: FdCompose, pill: HTMLElement, fallback = false) {
  const pop = byId('pillmenu');
  if (!pop || !pill) return;
  open = { field, pill };
  const [src, other] = parts(pill.dataset.ref!);
  const value = $<HTMLInputElement>('#pill-src', pop)!, otherwise = $<HTMLInputElement>('#pill-else', pop)!;
  value.value = src;
  otherwise.value = other;
  $('#pill-why', pop)!.textContent = pill.title;
  pop.showPopover();
  place(pop, pill);
  (fallback ? otherwise : value).focus();
}

/** `a.b ?? "x"` is a value and its fallback. */
function parts(src: string): [string, string] {
  const m = src.match(/^(.*?)\s*\?\?\s*(.+)$/s);
  if (!m) return [src, ''];
  const quoted = m[2].match(/^"((?:[^"\\]|\\.)*)"$/);
  return [m[1], quoted ? JSON.parse(m[2]) : m[2]];
}

function save() {
  const pop = byId('pillmenu')!, o = open;
  if (!o) return;
  open = null;
  const src = $<HTMLInputElement>('#pill-src', pop)!.value.trim().replace(/^\{\{|\}\}$/g, '').trim();
  const other = $<HTMLInputElement>('#pill-else', pop)!.value;
  const bare = /^(-?\d+(\.\d+)?|true|false|null|nil|\[\]|\{\})$/.test(other.trim());
  pop.hidePopover();
  o.field.setPill(o.pill, src ? src + (other === '' ? '' : ` ?? ${bare ? other.trim() : JSON.stringify(other)}`) : null);
}

document.addEventListener('click', e => {
  const act = (e.target as Element).closest<HTMLElement>('[data-act]')?.dataset.act;
  if (act === 'pill-save') save();
  if (act === 'pill-expr' && open) { const { field, pill } = open; open = null; byId('pillmenu')!.hidePopover(); field.writeExpression('', pill); }
  if (act === 'pill-remove' && open) { const o = open; open = null; byId('pillmenu')!.hidePopover(); o.field.setPill(o.pill, null); }
});
document.addEventListener('keydown', e => {
  if (!(e.target as Element).closest?.('#pillmenu')) return;
  if (e.key === 'Enter' && (e.target as Element).matches('input')) { e.preventDefault(); save(); }
  if (e.key === 'Escape') { e.preventDefault(); e.stopPropagation(); byId('pillmenu')!.hidePopover(); open?.field.box.focus(); }
}, true);
