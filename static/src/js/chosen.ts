// Several of many: what is ticked shows as chips that can be taken off, what is typed
// hides the others.

/** <fd-chosen>: [data-chips], a search field and a list of ticks. */
class FdChosen extends HTMLElement {
  connectedCallback() {
    if (this.dataset.uiReady) return;
    this.dataset.uiReady = '1';
    this.addEventListener('change', () => this.#draw());
    this.addEventListener('input', e => { if ((e.target as HTMLInputElement).type === 'search') this.#filter((e.target as HTMLInputElement).value); });
    this.addEventListener('keydown', e => {
      const input = e.target as HTMLInputElement;
      if (input.type !== 'search' || (e.key !== 'Enter' && e.key !== 'ArrowDown')) return;
      e.preventDefault();
      const first = this.querySelector<HTMLInputElement>('li:not([hidden]) input');
      if (e.key === 'ArrowDown') return first?.focus();
      if (first && input.value.trim()) { first.checked = true; input.value = ''; this.#filter(''); this.#draw(); }
    });
    this.#draw();
  }

  #draw() {
    const chips = this.querySelector<HTMLElement>('[data-chips]')!;
    chips.replaceChildren(...[...this.querySelectorAll<HTMLInputElement>('li input:checked')].map(box => {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'chip';
      button.textContent = box.dataset.name + ' ×';
      button.setAttribute('aria-label', `Take ${box.dataset.name} off`);
      button.addEventListener('click', () => { box.checked = false; this.#draw(); this.querySelector<HTMLInputElement>('input[type=search]')!.focus(); });
      return button;
    }));
    chips.hidden = !chips.childElementCount;
  }

  #filter(query: string) {
    const words = query.trim().toLowerCase().split(/\s+/).filter(Boolean), entries = [...this.querySelectorAll<HTMLElement>('li')];
    for (const li of entries) li.hidden = !words.every(w => li.dataset.k!.includes(w));
    this.querySelector<HTMLElement>('[data-nothing]')!.hidden = entries.some(li => !li.hidden);
  }
}
if (!customElements.get('fd-chosen')) customElements.define('fd-chosen', FdChosen);

export {};
