// The outline: every card of the flow in a tree, to jump by. Loaded when it is first
// asked for, and open until it is closed, on every flow.
import { $, $$, byId, el, icon, phone } from './dom';
import { canvas } from './canvas';
import { whole } from './whole';

const kept = 'fd-outline';
let drawn = '';

export function toggleOutline() {
  if (byId('outline')) return close(true);
  open();
  (current() ?? rows()[0])?.focus();
}

export function open() {
  const tree = el('ul'), title = el('h2', '', 'Outline'), shut = el('button', 'ib sm', icon('x'));
  tree.setAttribute('role', 'tree');
  tree.setAttribute('aria-labelledby', 'outline-h');
  title.id = 'outline-h';
  shut.type = 'button';
  shut.setAttribute('aria-label', 'Close the outline');
  shut.addEventListener('click', () => close(true));
  const panel = el('aside', 'outline', el('header', '', title, shut), tree);
  panel.id = 'outline';
  panel.setAttribute('aria-labelledby', 'outline-h');
  tree.addEventListener('click', e => { const row = (e.target as Element).closest<HTMLElement>('[role=treeitem]'); if (row) go(row); });
  tree.addEventListener('keydown', key);
  const work = $('.work')!;
  work.prepend(panel);
  work.setAttribute('data-ui-outline', '');
  remember('1');
  drawn = '';
  draw();
}

function close(back: boolean) {
  byId('outline')?.remove();
  $('.work')?.removeAttribute('data-ui-outline');
  remember('');
  canvas()?.wires.draw();
  if (back) canvas()?.go(canvas()!.selected);
}

function remember(yes: string) { try { localStorage.setItem(kept, yes); } catch { /* storage may be off */ } }

const rows = () => $$('#outline [role=treeitem]');
const current = () => $('#outline [aria-current]');
const depth = (card: Element) => { let n = 1; for (let at = card.parentElement; at; at = at.parentElement) if (at.matches('.lane')) n++; return n; };

/** Draws the tree, if anything in it is another than before. */
function draw() {
  const tree = $('#outline [role=tree]'), cards = canvas()?.cards() ?? [];
  if (!tree) return;
  const now = cards.map(c => [c.dataset.step, c.dataset.number, c.dataset.name, c.dataset.status === 'err', 'off' in c.dataset, depth(c)].join('|')).join('\n');
  if (now !== drawn) {
    drawn = now;
    const focused = (document.activeElement?.closest('#outline [role=treeitem]') as HTMLElement | null)?.dataset.to;
    let lane: Element | null = null;
    tree.replaceChildren(...cards.flatMap(c => {
      const here = c.parentElement!.closest('.lane'), list: HTMLElement[] = [];
      if (here && here !== lane && here.querySelector('[data-step]') === c) {
        const head = el('li', `lanename d${Math.min(8, depth(c) - 1)}`, $('.lane-tag', here)?.textContent?.trim() ?? '');
        head.setAttribute('role', 'presentation');
        list.push(head);
      }
      lane = here;
      return [...list, row(c)];
    }));
    if (focused) rows().find(r => r.dataset.to === focused)?.focus();
  }
  mark();
}

function row(card: HTMLElement) {
  const d = card.dataset, level = depth(card);
  const r = el('li', `hue h-${d.hue} d${Math.min(8, level - 1)}`, el('span', 'stepno', d.number ?? ''), el('span', 'ell', d.name!));
  r.setAttribute('role', 'treeitem');
  r.setAttribute('aria-level', String(level));
  r.tabIndex = -1;
  r.dataset.to = d.step;
  if ('off' in d) { r.classList.add('off'); r.append(el('span', 'vh', ', off')); }
  if (d.status === 'err') r.append(icon('circle-alert'), el('span', 'vh', ', has a problem'));
  return r;
}

/** Says which card is the selected one. */
function mark() {
  const step = canvas()?.selected?.dataset.step;
  for (const r of rows()) {
    const here = r.dataset.to === step;
    r.tabIndex = here ? 0 : -1;
    if (here) r.setAttribute('aria-current', 'true'); else r.removeAttribute('aria-current');
  }
  if (!document.activeElement?.closest('#outline')) current()?.scrollIntoView({ block: 'nearest' });
}

function go(row: HTMLElement) {
  const card = byId('card-' + row.dataset.to);
  if (!card) return;
  if (phone()) close(false);
  for (let b = card.parentElement!.closest<HTMLElement>('[data-ui-collapsed]'); b; b = b.parentElement!.closest<HTMLElement>('[data-ui-collapsed]')) canvas()!.collapse(b, false);
  void whole(card).then(c => { c.focus({ preventScroll: true }); c.scrollIntoView({ block: 'nearest', inline: 'center' }); });
}

function key(e: KeyboardEvent) {
  const all = rows(), i = all.indexOf(document.activeElement as HTMLElement), level = (r?: HTMLElement) => Number(r?.getAttribute('aria-level'));
  const to = (r?: HTMLElement) => { if (!r) return; e.preventDefault(); for (const x of all) x.tabIndex = -1; r.tabIndex = 0; r.focus(); };
  if (e.ctrlKey || e.metaKey || e.altKey || i < 0) return;
  if (e.key === 'ArrowDown') to(all[i + 1]);
  else if (e.key === 'ArrowUp') to(all[i - 1]);
  else if (e.key === 'Home') to(all[0]);
  else if (e.key === 'End') to(all.at(-1));
  else if (e.key === 'ArrowLeft') to(all.slice(0, i).reverse().find(r => level(r) < level(all[i])));
  else if (e.key === 'ArrowRight') to(level(all[i + 1]) > level(all[i]) ? all[i + 1] : undefined);
  else if (e.key === 'Enter' || e.key === ' ') { e.preventDefault(); go(all[i]); }
  else if (e.key === 'Escape') { e.preventDefault(); e.stopPropagation(); close(true); }
  else if (e.key.length === 1) to([...all.slice(i + 1), ...all].find(r => byId('card-' + r.dataset.to)?.dataset.name?.toLowerCase().startsWith(e.key.toLowerCase())));
}

document.addEventListener('htmx:after:swap', draw);
document.addEventListener('focusin', e => { if ((e.target as Element).closest('fd-canvas')) mark(); });
