// What an edit did not change comes back as a name alone, or not at all: on the page
// it stays as it is. Should there be none of that name, the page asks for all. Numbers
// of steps come as one list.
import htmx from './htmx';
import { $, $$, byId } from './dom';

htmx.registerExtension('same', {
  htmx_before_morph_node: (old: Element, { newNode }: { newNode: Element }) => !(newNode.hasAttribute?.('data-same') && old.id === newNode.id),
});

document.addEventListener('htmx:after:swap', () => {
  if ($('#canvas-world [data-same]')) document.dispatchEvent(new CustomEvent('fd:refresh'));
  else renumber();
});

let told = '';
/** Writes the numbers that the flow has now on cards and pills that have others. */
function renumber() {
  const list = byId('canvas-world')?.dataset.numbers ?? '';
  if (list !== told) {
    told = list;
    for (const entry of list.split(' ')) {
      const [id, n] = entry.split(':'), card = byId('card-' + id);
      if (!card || card.dataset.number === n) continue;
      card.dataset.number = n;
      const mark = $('.chead .stepno', card);
      if (mark) mark.textContent = n;
      card.setAttribute('aria-label', card.getAttribute('aria-label')!.replace(/^Step [\d.]+/, 'Step ' + n));
    }
  }
  for (const mark of $$('#canvas-world .pill > .stepno')) {
    const n = byId('card-' + mark.parentElement!.dataset.ref!.match(/^\w*/)![0])?.dataset.number;
    if (n && mark.textContent !== n) mark.textContent = n;
  }
}
