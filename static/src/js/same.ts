// Cards that an edit did not change come back as a name alone: the card on the
// page stays as it is. Should there be none of that name, the page asks for all.
import htmx from './htmx';
import { $ } from './dom';

htmx.registerExtension('same', {
  htmx_before_morph_node: (old: Element, { newNode }: { newNode: Element }) => !(newNode.hasAttribute?.('data-same') && old.id === newNode.id),
});

document.addEventListener('htmx:after:swap', () => { if ($('#canvas-world [data-same]')) document.dispatchEvent(new CustomEvent('fd:refresh')); });
