// Leads to what is to be fixed: F8, the button at the top, the list at the bottom.
import { $$, byId, say } from './dom';
import { canvas } from './canvas';
import { whole } from './whole';

/** Opens what hides an element. */
export function reveal(target: HTMLElement) {
  const c = canvas(), card = target.closest<HTMLElement>('[data-step]');
  for (let b: HTMLElement | null | undefined = card; b; b = b.parentElement!.closest<HTMLElement>('[data-ui-collapsed]')) c?.collapse(b, false);
  if (card) c?.select(card);
  for (let d = target.closest('details'); d; d = d.parentElement!.closest('details')) d.open = true;
  if (target.matches('details')) (target as HTMLDetailsElement).open = true;
}

/** Opens what hides an element, and focuses it. */
export function goTo(target: HTMLElement) {
  reveal(target);
  const focus = target.tabIndex < 0 ? target.querySelector<HTMLElement>('.compose, summary, button, input') ?? target : target;
  focus.scrollIntoView({ block: 'center', inline: 'center' });
  focus.focus({ preventScroll: true });
}

/** Leads where a line of the list of problems says, once that is there. */
async function lead(line: HTMLElement) {
  const { goto, of } = line.dataset, card = byId('card-' + of);
  if (card) await whole(card);
  const target = byId(goto!) ?? byId('card-' + of);
  if (target) goTo(target);
}

let last = '';
export function nextProblem() {
  const all = $$('#problem-list [data-goto]');
  if (!all.length) return say('Nothing to fix');
  const next = all[(all.findIndex(b => b.dataset.goto === last) + 1) % all.length];
  last = next.dataset.goto!;
  void lead(next);
}

document.addEventListener('click', e => {
  const t = e.target as Element, goto = t.closest<HTMLElement>('[data-goto]');
  if (goto) setTimeout(() => lead(goto));
  if (t.closest('[data-act="next-problem"]')) nextProblem();
});
