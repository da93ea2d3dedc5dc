// Long lists that one searches, and fields whose Enter presses a button of their own.
import { $, $$, byId } from './dom';

/** <fd-filter>: what is typed into its field hides the entries that it does not find. */
class FdFilter extends HTMLElement {
  connectedCallback() {
    if (this.dataset.uiReady) return;
    this.dataset.uiReady = '1';
    this.addEventListener('input', e => this.#filter((e.target as HTMLInputElement).value));
    this.addEventListener('keydown', e => {
      const input = e.target as HTMLInputElement;
      if (!input.matches('input') || (e.key !== 'Enter' && e.key !== 'ArrowDown')) return;
      e.preventDefault();
      const first = $('li:not([hidden]) button', this);
      if (e.key === 'ArrowDown') first?.focus();
      else if (input.value.trim()) first?.click();
    });
    // The list closes when something is picked: the focus goes to what it brought.
    this.addEventListener('click', e => {
      if (!(e.target as Element).closest('[name=pick]')) return;
      const go = () => {
        document.removeEventListener('htmx:after:swap', go);
        const fold = this.closest('details'), input = $<HTMLInputElement>('input', this)!;
        input.value = '';
        this.#filter('');
        if (fold) fold.open = false;
        (byId('conn-begun') ?? $('dialog[open]'))?.focus();
      };
      document.addEventListener('htmx:after:swap', go);
    });
  }

  #filter(query: string) {
    const words = query.trim().toLowerCase().split(/\s+/).filter(Boolean), entries = $$('li', this);
    for (const li of entries) li.hidden = !words.every(w => li.dataset.k!.includes(w));
    $('[data-nothing]', this)!.hidden = entries.some(li => !li.hidden);
  }
}
customElements.define('fd-filter', FdFilter);

// A morph leaves folds as people left them: what must be seen is said by a mark.
document.addEventListener('htmx:after:swap', () => {
  for (const mark of $$('[data-unfold]')) byId(mark.dataset.unfold!)?.setAttribute('open', '');
});

// A radio that somebody pressed keeps its own mind through a morph: the form says which one counts.
document.addEventListener('htmx:after:swap', () => {
  for (const radio of $$<HTMLInputElement>(':is([data-conn-form], .conn-page) input[type=radio]')) if (radio.defaultChecked && !radio.checked) radio.checked = true;
});

document.addEventListener('keydown', e => {
  const field = e.target as HTMLElement;
  if (e.key !== 'Enter' || !field.dataset?.enter) return;
  e.preventDefault();
  byId(field.dataset.enter)?.click();
});
