// Signing in to a service in another window. The server is the truth: the dialog
// asks it every two seconds. The channel only makes it ask sooner.
import { $ } from './dom';

const features = 'popup,width=560,height=720';
const channel = new BroadcastChannel('fd-oauth');
let popup: Window | null = null;

// Each sign-in has a window of its own: that of the one before may be about to close, also
// when another page opened it.
const fresh = () => 'fd-oauth-' + Date.now();

// A pop-up may only be opened within the press itself, so it opens empty and is
// sent on its way when the answer with the link is here.
document.addEventListener('click', e => {
  const button = (e.target as Element).closest<HTMLElement>('[data-oauth-open]');
  if (!button) return;
  const form = button.closest('form');
  if (form && button.matches('[type="submit"]') && !form.checkValidity()) return;
  close(); // that of a sign-in before closes by itself, but not at once
  popup = window.open('', fresh(), features);
  if (popup) paint(popup);
});

/** What the empty window says until the service answers. */
function paint(w: Window) {
  try {
    w.document.title = 'Signing in · Flowdeck';
    w.document.body.textContent = 'Opening the sign-in page…';
  } catch { /* it still shows a page of the last time: it will be sent on all the same */ }
}

// The answer held no sign-in (a field was wrong, say): the window has nothing to show.
document.addEventListener('htmx:finally:request', e => {
  const source = (e as CustomEvent<{ ctx?: { sourceElement?: Element } }>).detail?.ctx?.sourceElement;
  const asked = source?.matches('[data-oauth-open], fd-oauth') || (source instanceof HTMLFormElement && $('[data-oauth-open]', source));
  if (popup && asked && !$('fd-oauth[data-state="waiting"]')) close();
});

document.addEventListener('click', e => {
  const t = e.target as Element;
  if (t.closest('[data-oauth-cancel]')) close();
  const again = t.closest<HTMLAnchorElement>('[data-oauth-again]');
  if (!again) return;
  e.preventDefault();
  close();
  popup = window.open(again.href, fresh(), features);
  popup?.focus();
});

function close() {
  popup?.close();
  popup = null;
}

/** <fd-oauth>: a sign-in under way. Sends the window to the service and counts down. */
class FdOauth extends HTMLElement {
  #timer = 0;

  connectedCallback() {
    channel.addEventListener('message', this.#told);
    this.#timer = window.setInterval(this.#tick, 1000);
    this.#tick();
    if (this.dataset.state !== 'waiting' || this.dataset.uiSent === this.dataset.attempt) return;
    this.dataset.uiSent = this.dataset.attempt;
    if (popup && !popup.closed) popup.location.replace(this.dataset.link!);
    else $<HTMLDetailsElement>('details', this)?.setAttribute('open', '');
  }

  disconnectedCallback() {
    channel.removeEventListener('message', this.#told);
    clearInterval(this.#timer);
  }

  #told = (e: MessageEvent<{ attempt?: string }>) => {
    if (e.data?.attempt === this.dataset.attempt) document.dispatchEvent(new CustomEvent('fd:oauth'));
  };

  #tick = () => {
    const left = Math.max(0, Math.round(Number(this.dataset.expires) - Date.now() / 1000));
    const clock = $('[data-left]', this);
    if (clock) clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
  };
}
customElements.define('fd-oauth', FdOauth);

/** <fd-oauth-back>: the page a service sends the browser back to. It tells the others and closes. */
class FdOauthBack extends HTMLElement {
  connectedCallback() {
    history.replaceState(null, '', location.pathname); // the code has done its work
    channel.postMessage({ attempt: this.dataset.attempt });
    // In a window of ours the other page shows the rest, refusals too.
    if ((window.name.startsWith('fd-oauth') || window.opener) && this.dataset.attempt) setTimeout(() => window.close(), 900);
  }
}
customElements.define('fd-oauth-back', FdOauthBack);
