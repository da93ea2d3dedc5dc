// What the page says when a request of htmx fails. The answer itself is not shown:
// whatever was on the page stays.
import { $, el, on } from './dom';
import { toast } from './toast';

interface Failed { ctx: { response?: { status: number; headers: Headers }; sourceElement?: HTMLElement } }

on<Failed>('htmx:response:error', ({ ctx }) => {
  const status = ctx.response?.status ?? 0;
  if (ctx.response?.headers.get('HX-Trigger')?.includes('fd:')) return; // the server has said it itself
  if (status === 401) return signInAgain();
  const said = sentence(status);
  if (said) toast({ text: said, kind: 'err' });
});
on('htmx:error', () => toast({ text: 'No answer from the server. Check the network and try again.', kind: 'err' }));

export function sentence(status: number) {
  if (status === 403) return 'You may not do that.';
  if (status === 404) return 'That is not there any more. Reload the page to see what is.';
  if (status === 413) return 'That is too large to send.';
  if (status === 429) return 'Too many requests at once. Wait a moment and try again.';
  if (status >= 500) return `The server could not do that (${status}). Try again; the log says why.`;
  return ''; // 400, 409 and 422 show their own words where they belong
}

/** Offers a new sign-in in another tab, so that nothing typed here is lost. */
export function signInAgain() {
  if ($('#dlg-session')) return;
  const dialog = el('dialog', 'slim');
  dialog.id = 'dlg-session';
  dialog.setAttribute('aria-labelledby', 'session-h');
  const title = el('h2', '', 'Your session has ended');
  title.id = 'session-h';
  const link = el('a', 'btn pri', 'Sign in');
  link.href = '/login?next=/signed-in';
  link.target = '_blank';
  const done = el('button', 'btn', 'I have signed in');
  done.type = 'button';
  done.addEventListener('click', () => { dialog.remove(); document.dispatchEvent(new CustomEvent('fd:signed-in')); });
  dialog.append(el('div', 'dhead', el('div', '', title)), el('div', 'dbody', el('p', '', 'Sign in again in another tab, then carry on here. What you typed is kept.')), el('div', 'dfoot', el('span', 'sp'), done, link));
  document.body.append(dialog);
  dialog.showModal();
}
