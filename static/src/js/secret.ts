import { $, icon, say } from './dom';

type Secret = HTMLInputElement | HTMLTextAreaElement;

/** <fd-secret>: a write-only field. Saved: dots and Replace. New: a password with an eye. */
class FdSecret extends HTMLElement {
  connectedCallback() {
    if (this.dataset.uiReady) return;
    this.dataset.uiReady = '1';
    // Listens on itself: a morph may bring the field and its button later, or others.
    this.addEventListener('click', e => {
      const button = (e.target as Element).closest<HTMLButtonElement>('[data-secret]'), input = $<Secret>('input, textarea', this);
      if (button && input) button.dataset.secret === 'show' ? this.#peek(input, button) : this.#replace(input, button);
    });
    this.addEventListener('paste', e => {
      const input = e.target as Secret;
      const text = e.clipboardData?.getData('text/plain') ?? '', trimmed = text.trim();
      if (input.readOnly || trimmed === text) return;
      e.preventDefault();
      input.setRangeText(trimmed, input.selectionStart ?? 0, input.selectionEnd ?? 0, 'end');
      input.dispatchEvent(new Event('input', { bubbles: true }));
      say('Spaces around the pasted text were left out');
    });
  }

  #peek(input: Secret, button: HTMLButtonElement) {
    const show = button.getAttribute('aria-pressed') !== 'true';
    if (input instanceof HTMLInputElement) input.type = show ? 'text' : 'password';
    else input.classList.toggle('veiled', !show);
    button.setAttribute('aria-pressed', String(show));
    button.replaceChildren(icon(show ? 'eye-off' : 'eye'));
  }

  #replace(input: Secret, button: HTMLButtonElement) {
    const name = (button.getAttribute('aria-label') ?? '').replace(/^(Replace|Keep the old) /, '');
    input.readOnly = !input.readOnly;
    input.value = '';
    input.placeholder = input.readOnly ? '••••••••••••••••' : 'Paste the new one';
    button.textContent = input.readOnly ? 'Replace' : 'Keep old';
    button.setAttribute('aria-label', (input.readOnly ? 'Replace ' : 'Keep the old ') + name);
    if (!input.readOnly) input.focus();
  }
}
customElements.define('fd-secret', FdSecret);
