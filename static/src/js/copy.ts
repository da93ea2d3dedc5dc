import { toast } from './toast';

/** <fd-copy data-copy="text">: its button copies the text. */
class FdCopy extends HTMLElement {
  connectedCallback() {
    if (this.dataset.uiReady) return;
    this.dataset.uiReady = '1';
    this.addEventListener('click', async e => {
      if (!(e.target as Element).closest('button')) return;
      try {
        await navigator.clipboard.writeText(this.dataset.copy ?? '');
        toast({ text: 'Copied' });
      } catch {
        toast({ text: 'The browser does not let this page copy. Select the text and copy it yourself.', kind: 'err' });
      }
    });
  }
}
customElements.define('fd-copy', FdCopy);
