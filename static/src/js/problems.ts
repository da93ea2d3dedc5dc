// Leads to what is to be fixed: F8, the button at the top, the list at the bottom.
import { $$, byId, say } from './dom';
import { canvas } from './canvas';

/** Opens what hides an element, and focuses it. */
export function goTo(target: HTMLElement) {
  const c = canvas(), card = target.closest<HTMLElement>('[data-step]');
  if (card) { c?.collapse(card, false); c?.select(card); }
  for (let d = target.closest('details'); d; d = d.parentElement!.closest('details')) d.open = true;
  if (target.matches('details')) (target as HTMLDetailsElement).open = true;
  const focus = target.matches('fd-compose') ? target.querySelector<HTMLElement>('.compose')! : target.matches('details') ? target.querySelector<HTMLElement>('summary')! : target;
  focus.scrollIntoView({ block: 'center', inline: 'center' });
  focus.focus({ preventScroll: true });
}

let last: Element | null = null;
export function nextProblem() {
  const all = $$('#problem-list [data-goto]').map(b => byId(b.dataset.goto!)).filter(t => t !== null);
  if (!all.length) return say('Nothing to fix');
  const next = all[(all.indexOf(last as HTMLElement) + 1) % all.length];
  last = next;
  goTo(next);
}

document.addEventListener('click', e => {
  const t = e.target as Element, goto = t.closest<HTMLElement>('[data-goto]');
  if (goto) { const target = byId(goto.dataset.goto!); if (target) setTimeout(() => goTo(target)); }
  if (t.closest('[data-act="next-problem"]')) nextProblem();
});
