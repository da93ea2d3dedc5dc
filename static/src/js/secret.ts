import { $, icon, say } from './dom';

/** <fd-secret>: a write-only field. Saved: dots and Replace. New: a password with an eye. */
class FdSecret extends HTMLElement {
  connectedCallback() {
    if (this.dataset.uiReady) return;
    this.dataset.uiReady = '1';
    const input = $<HTMLInputElement>('input', this)!, button = $<HTMLButtonElement>('[data-secret]', this)!;
    const label = button.getAttribute('aria-label') ?? '';
    button.addEventListener('click', () => (button.dataset.secret === 'show' ? this.#peek(input, button) : this.#replace(input, button, label)));
    input.addEventListener('paste', e => {
      const text = e.clipboardData?.getData('text/plain') ?? '', trimmed = text.trim();
      if (input.readOnly || trimmed === text) return;
      e.preventDefault();
      input.setRangeText(trimmed, input.selectionStart ?? 0, input.selectionEnd ?? 0, 'end');
      input.dispatchEvent(new Event('input', { bubbles: true }));
      say('Spaces around the pasted text were left out');
    });
  }

  #peek(input: HTMLInputElement, button: HTMLButtonElement) {
    const show = input.type === 'password';
    input.type = show ? 'text' : 'password';
    button.setAttribute('aria-pressed', String(show));
    button.replaceChildren(icon(show ? 'eye-off' : 'eye'));
  }

  #replace(input: HTMLInputElement, button: HTMLButtonElement, label: string) {
    input.readOnly = !input.readOnly;
    input.value = '';
    input.placeholder = input.readOnly ? '••••••••••••••••' : 'Paste the new one';
    button.textContent = input.readOnly ? 'Replace' : 'Keep old';
    button.setAttribute('aria-label', input.readOnly ? label : label.replace('Replace', 'Keep the old'));
    if (!input.readOnly) input.focus();
  }
}
customElements.define('fd-secret', FdSecret);
