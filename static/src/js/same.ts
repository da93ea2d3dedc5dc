// What an edit did not change comes back as a name alone, or not at all: on the page
// it stays as it is. Should the page not have it, it asks for all. Numbers of steps come
// as one list.
import htmx from './htmx';
import { $, $$, byId } from './dom';

htmx.registerExtension('same', {
  htmx_before_morph_node: (old: Element, { newNode }: { newNode: Element }) => !(newNode.hasAttribute?.('data-same') && old.id === newNode.id),
});

document.addEventListener('htmx:after:swap', () => {
  if ($('#canvas-world [data-same]') || !renumber()) document.dispatchEvent(new CustomEvent('fd:refresh'));
});

let told = '';
/** Writes the numbers that the flow has now on cards and pills that have others; false when the page has other cards. */
function renumber(): boolean {
  const list = byId('numbers')?.dataset.numbers ?? '';
  let missing = 0;
  if (list !== told) {
    told = list;
    const all = list ? list.split(' ') : [];
    for (const entry of all) {
      const [id, n] = entry.split(':'), card = byId('card-' + id);
      if (!card) { missing++; continue; }
      if (card.dataset.number === n) continue;
      card.dataset.number = n;
      const mark = $('.chead .stepno', card);
      if (mark) mark.firstChild!.nodeValue = n;
      card.setAttribute('aria-label', card.getAttribute('aria-label')!.replace(/^Step [\d.]+/, 'Step ' + n));
    }
    if (list && $$('#chain [data-step]').length !== all.length - missing) missing++;
  }
  for (const mark of $$('#canvas-world .pill > .stepno')) {
    const n = byId('card-' + mark.parentElement!.dataset.ref!.match(/^\w*/)![0])?.dataset.number;
    if (n && mark.textContent !== n) mark.textContent = n;
  }
  return !missing;
}
