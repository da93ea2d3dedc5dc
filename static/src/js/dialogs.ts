// Dialogs, drawers and the events that close them. A dialog that the server
// sends into #dialogs opens by itself and is taken out when it closes.
import { $, $$, byId, el, on } from './dom';

export const closePopovers = () => $$('[popover]:popover-open').forEach(p => p.hidePopover());

/** Opens a dialog and returns what had the focus before. */
function show(dialog: HTMLDialogElement) {
  if (dialog.open) return null;
  closePopovers();
  const from = document.activeElement as HTMLElement | null;
  dialog.showModal();
  const first = $<HTMLElement>('[autofocus]', dialog) ?? $<HTMLElement>('.dbody :is(input:not([type=hidden]), select, textarea, .compose)', dialog);
  first?.focus();
  return from;
}

function openSent() {
  for (const dialog of $$<HTMLDialogElement>('#dialogs > dialog, #dialogs > * > dialog')) {
    if (dialog.open || dialog.dataset.uiSeen) continue;
    dialog.dataset.uiSeen = '1';
    const back = show(dialog);
    dialog.addEventListener('close', () => { dialog.remove(); back?.focus(); });
  }
}

document.addEventListener('htmx:after:swap', openSent);
document.addEventListener('DOMContentLoaded', openSent);

// Problems that came back: go to the first field that has one.
document.addEventListener('htmx:after:swap', () => {
  const dialog = $<HTMLDialogElement>('dialog[open]');
  const wrong = dialog && $<HTMLElement>('[aria-invalid="true"]', dialog);
  if (wrong && !dialog.contains(document.activeElement?.closest('[aria-invalid="true"]') ?? null)) wrong.focus();
});

document.addEventListener('click', e => {
  const t = e.target as Element;
  const opener = t.closest<HTMLElement>('[data-open]');
  if (opener) { const d = byId(opener.dataset.open!); if (d instanceof HTMLDialogElement) show(d); }
  if (t.closest('[data-close]')) t.closest('dialog')?.close();
  if (t instanceof HTMLDialogElement && t.open && !$('form', t)) t.close(); // a press beside a dialog that asks nothing
  if (t.closest('[data-act="close-drawer"]')) closeDrawer();
});

// The server says where to go on reading, when what had the focus is gone.
on<{ to: string }>('fd:focus', ({ to }) => requestAnimationFrame(() => { const at = $<HTMLElement>(to); at?.focus(); at?.scrollIntoView({ block: 'nearest' }); }));

on('fd:close', () => $$<HTMLDialogElement>('dialog[open]').at(-1)?.close());
on('fd:drawer-close', () => closeDrawer());

let drawerFrom: HTMLElement | null = null;
document.addEventListener('htmx:before:swap', () => { if (!$('.drawer')) drawerFrom = document.activeElement as HTMLElement | null; });

export function closeDrawer() {
  const drawer = $('.drawer');
  if (!drawer) return;
  const back = drawer.contains(document.activeElement) ? drawerFrom : null;
  drawer.remove();
  document.dispatchEvent(new CustomEvent('fd:drawer-closed'));
  back?.focus();
}

document.addEventListener('keydown', e => {
  if (e.key !== 'Escape' || !$('.drawer') || document.querySelector(':popover-open, dialog[open]')) return;
  if ((e.target as Element).closest('fd-canvas') && document.querySelector('[data-ui-carry], #choicebar')) return; // one thing at a time
  closeDrawer();
});

/** Asks before something happens. The answer is true when it shall. */
export const ask = (text: string, label = 'Go ahead', danger = false) => sheet('slim', text, [el('div', 'dhead', el('div', 'pre', text))], label, danger);

/** A dialog made here: its parts, Cancel, and a button that says yes (as Ctrl+Enter does). */
export function sheet(size: string, name: string, parts: HTMLElement[], label: string, danger = false): Promise<boolean> {
  return new Promise(resolve => {
    const dialog = el('dialog', size), no = el('button', 'btn', 'Cancel'), yes = el('button', danger ? 'btn danger' : 'btn pri', label);
    let answer = false;
    const agree = () => { answer = true; dialog.close(); };
    dialog.setAttribute('aria-label', name);
    no.type = yes.type = 'button';
    no.addEventListener('click', () => dialog.close());
    yes.addEventListener('click', agree);
    dialog.addEventListener('keydown', e => { if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) { e.preventDefault(); agree(); } });
    dialog.append(...parts, el('div', 'dfoot', el('span', 'sp'), no, yes));
    dialog.addEventListener('close', () => { dialog.remove(); resolve(answer); });
    (byId('dialogs') ?? document.body).append(dialog);
    dialog.dataset.uiSeen = '1';
    show(dialog);
    yes.focus();
  });
}

// hx-confirm uses our own dialog.
on<{ ctx: { confirm: string; sourceElement: HTMLElement }; issueRequest(): void; dropRequest(): void }>('htmx:confirm', (d, e) => {
  if (!d.ctx?.confirm) return;
  e.preventDefault();
  const source = d.ctx.sourceElement;
  ask(d.ctx.confirm, source.dataset.confirmLabel, 'confirmDanger' in source.dataset).then(yes => (yes ? d.issueRequest() : d.dropRequest()));
});
