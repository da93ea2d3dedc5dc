// Find in a flow: titles, ids, notes and values, whether or not a card has its form on
// the page. Loaded when it is first asked for.
import { $, $$, byId, el, icon, say } from './dom';
import { canvas } from './canvas';
import { reveal } from './problems';
import { flush } from './save';
import { whole } from './whole';

interface Found { step: string; target: string; where: string }
let hits: Found[] = [], at = -1, timer = 0, asked = 0;

/** Opens the bar, with what was typed while it was on its way. */
export function openFind(typed = '') {
  const old = byId('findbar');
  if (old) { $<HTMLInputElement>('input', old)!.select(); return $('input', old)!.focus(); }
  const input = el('input', 'inp'), count = el('span', 'count');
  input.type = 'text';
  input.setAttribute('role', 'searchbox');
  input.placeholder = 'Find in this flow';
  input.setAttribute('aria-label', 'Find in this flow');
  input.spellcheck = false;
  count.setAttribute('role', 'status');
  const button = (label: string, picture: string, act: () => void) => {
    const b = el('button', 'ib sm', icon(picture));
    b.type = 'button';
    b.title = label;
    b.setAttribute('aria-label', label);
    b.addEventListener('click', act);
    return b;
  };
  const bar = el('div', '', icon('search'), input, count, button('Find previous', 'chevron-up', () => go(-1)), button('Find next', 'chevron-down', () => go(1)), button('Close', 'x', close));
  bar.id = 'findbar';
  bar.setAttribute('role', 'search');
  input.addEventListener('input', () => { clearTimeout(timer); timer = window.setTimeout(() => void look(input.value), 120); });
  bar.addEventListener('keydown', e => {
    if (e.key === 'Escape') { e.preventDefault(); e.stopPropagation(); close(); }
    else if (e.key === 'Enter' && e.target === input) { e.preventDefault(); go(e.shiftKey ? -1 : 1); }
    else if (e.key === 'F3') { e.preventDefault(); go(e.shiftKey ? -1 : 1); }
    else if (e.key.toLowerCase() === 'f' && (e.ctrlKey || e.metaKey)) { e.preventDefault(); input.select(); }
  });
  const stage = $('.stage')!;
  stage.append(bar);
  stage.setAttribute('data-ui-finding', '');
  input.focus();
  if (!typed) return;
  input.value = typed;
  void look(typed);
}

function close() {
  const card = hits[at] ? byId('card-' + hits[at].step) : canvas()?.selected;
  byId('findbar')?.remove();
  $('.stage')?.removeAttribute('data-ui-finding');
  hits = [];
  at = -1;
  paint('');
  canvas()?.go(card);
}

async function look(query: string) {
  const mine = ++asked;
  await flush(true); // it finds what is saved
  const res = await fetch(`/flows/${byId('builder')!.dataset.flow}/find?q=${encodeURIComponent(query)}`, { headers: { 'HX-Request': 'true' } }).catch(() => null);
  if (mine !== asked || !byId('findbar')) return;
  if (res?.status === 401) { tell(''); return void document.dispatchEvent(new CustomEvent('fd:sign-in')); }
  hits = res?.ok ? await res.json() as Found[] : [];
  const cards = canvas()!.cards(), from = cards.indexOf(canvas()!.selected!);
  at = Math.max(0, hits.findIndex(h => cards.findIndex(c => c.dataset.step === h.step) >= from)) - 1;
  if (hits.length) return go(1);
  tell(query.trim() ? 'Nothing found' : '');
  paint('');
}

function go(by: number) {
  if (!hits.length) return;
  at = (at + by + hits.length) % hits.length;
  void show(hits[at]);
}

async function show(hit: Found) {
  tell(`${at + 1} of ${hits.length}`);
  say(`${at + 1} of ${hits.length}: ${hit.where}`);
  const card = byId('card-' + hit.step);
  if (!card) return;
  canvas()!.select(await whole(card));
  const target = byId(hit.target) ?? byId(card.id)!;
  if (target !== card) reveal(target);
  target.scrollIntoView({ block: 'nearest', inline: 'center' });
  paint($<HTMLInputElement>('#findbar input')?.value.trim() ?? '', target);
}

const tell = (text: string) => { const c = $('#findbar .count'); if (c) c.textContent = text; };

/** Marks the cards that have it, the place where it is, and the words themselves where the browser can. */
function paint(query: string, now?: HTMLElement) {
  for (const x of $$('[data-ui-found], [data-ui-here]')) { x.removeAttribute('data-ui-found'); x.removeAttribute('data-ui-here'); }
  CSS.highlights?.delete('found');
  if (!query) return;
  const ranges: Range[] = [];
  for (const id of new Set(hits.map(h => h.step))) {
    const card = byId('card-' + id);
    card?.setAttribute('data-ui-found', '');
    if (card && ranges.length < 500 && card.checkVisibility({ contentVisibilityAuto: true })) ranges.push(...words(card, query.toLowerCase()));
  }
  now?.setAttribute('data-ui-here', '');
  CSS.highlights?.set('found', new Highlight(...ranges));
}

function words(card: HTMLElement, query: string): Range[] {
  const ranges: Range[] = [], texts = document.createTreeWalker(card, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const t = texts.currentNode as Text, low = t.data.toLowerCase();
    for (let i = low.indexOf(query); i >= 0; i = low.indexOf(query, i + query.length)) {
      const r = document.createRange();
      r.setStart(t, i);
      r.setEnd(t, i + query.length);
      ranges.push(r);
    }
  }
  return ranges;
}
