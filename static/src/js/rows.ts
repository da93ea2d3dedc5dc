// A row of a table that had the focus is gone: the focus goes to the row that stands in
// its place now, else to the first button of what was around the list.
import { $, $$ } from './dom';

let last: { at: Element; table: string; nth: number; around: Element[] } | null = null;

const named = (table: HTMLTableElement | null | undefined) => table?.caption?.textContent ?? '';

document.addEventListener('focusin', e => {
  const at = e.target as Element;
  if (at.closest('dialog, .toast')) return; // it comes back from there
  const row = at.closest<HTMLTableRowElement>('#main tbody tr');
  const around: Element[] = [];
  for (let e: Element | null = row; e && e.id !== 'main'; e = e.parentElement) around.push(e);
  last = row && { at, table: named(row.closest('table')), nth: row.sectionRowIndex, around };
});

document.addEventListener('htmx:after:swap', () => requestAnimationFrame(() => {
  if (!last || last.at.isConnected || document.activeElement !== document.body || $('dialog[open]')) return;
  const { table, nth, around } = last;
  const rows = [...$$<HTMLTableElement>('#main table').find(t => named(t) === table)?.tBodies[0]?.rows ?? []];
  const row = rows[nth] ?? rows.at(-1);
  const to = row && ($('[aria-haspopup="menu"]', row) ?? $('td:last-child :is(a, button)', row) ?? $('a, button', row));
  (to ?? around.map(e => (e.isConnected ? $('a.btn, button:not(:disabled)', e) : null)).find(e => e))?.focus();
}));
