// Signing in again over a page whose session has ended: what was typed stays
// where it is, and what could not be sent is sent afterwards.
import htmx from './htmx';
import { $, byId, el, on } from './dom';

interface Missed { sourceElement?: HTMLElement; sourceEvent?: Event & { submitter?: HTMLElement | null } }

let missed: Missed[] = [];
let signedIn = false;

/** Asks for the password; a request that was turned down is made again when it was right. */
export async function signInAgain(request?: Missed) {
  if (request) missed.push(request);
  if (byId('signin-host')) return;
  signedIn = false;
  const gone = () => { host.remove(); missed = []; if (!signedIn) document.dispatchEvent(new CustomEvent('fd:not-now')); };
  const host = el('div');
  host.id = 'signin-host';
  (byId('main') ?? document.body).append(host);
  await htmx.ajax('GET', '/login/dialog', { target: '#signin-host', swap: 'innerHTML' });
  const dialog = $<HTMLDialogElement>('dialog', host);
  if (!dialog) return gone(); // no answer; the next request asks again
  const back = document.activeElement as HTMLElement | null;
  dialog.addEventListener('close', () => { gone(); back?.focus(); });
  dialog.showModal();
  $<HTMLInputElement>('input[name="email"]', dialog)?.focus();
}

on('fd:sign-in', () => signInAgain()); // of code that is loaded later

on('fd:signed-in', () => {
  signedIn = true;
  const again = missed;
  missed = [];
  again.forEach(repeat);
});

function repeat({ sourceElement: source, sourceEvent: event }: Missed) {
  if (!source?.isConnected) return;
  if (source instanceof HTMLFormElement) source.requestSubmit(event?.submitter);
  else if (!event || event.type === 'click') source.click();
  else source.dispatchEvent(new Event(event.type, { bubbles: true, cancelable: true }));
}
