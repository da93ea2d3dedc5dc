// The panes of the history by arrow keys: up and down among runs or cards, right into
// what the chosen one shows, and left back to it.
import { $, $$, typing } from './dom';

const row = '.runlist a[id], .trace a.t';

document.addEventListener('keydown', e => {
  const at = e.target as HTMLElement, pane = at.closest?.<HTMLElement>('.runs3 > .pane');
  if (!pane || typing(at) || e.defaultPrevented || e.altKey || e.ctrlKey || e.metaKey || e.shiftKey) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[e.key], side = { ArrowRight: 'next', ArrowLeft: 'previous' }[e.key];
  if (step && at.matches(row)) go($$(row, pane)[$$(row, pane).indexOf(at) + step], e);
  else if (side && (at.matches(row) || at === pane)) {
    const other = (side === 'next' ? pane.nextElementSibling : pane.previousElementSibling) as HTMLElement | null;
    if (other?.checkVisibility()) go($('[aria-current]:is(' + row + ')', other) ?? $(row, other) ?? other, e);
  }
});

function go(to: HTMLElement | undefined, e: Event) {
  if (!to) return;
  e.preventDefault();
  to.focus();
}
