// Edits that the server turned down, because they are too large or may not be made: what
// was typed is kept, and the page says so until the person sends it again or lets it go.
import { on } from './dom';
import type { Edit } from './save';
import { toast } from './toast';

let turned: Edit[] = [], reason = '';

/** The edits that are kept. */
export const unsaved = (): readonly Edit[] => turned;

/** Keeps an edit, and says why the server did not take it. */
export function keepUnsaved(edit: Edit, why: string) {
  reason = why;
  hold([...turned, edit]);
}

/** Forgets the edits that a new one stands in for. */
export function supersede(same: (e: Edit) => boolean) {
  if (turned.some(same)) hold(turned.filter(e => !same(e)));
}

/** Takes the edits, to send them again or to let them go. */
export function takeUnsaved(): Edit[] {
  const all = turned;
  hold([]);
  return all;
}

// Hardly anybody sees the note, so it is loaded when it is there.
function hold(edits: Edit[]) {
  turned = edits;
  import('./turned').then(m => m.draw(turned, reason)).catch(() => toast({ text: reason, kind: 'err' }));
}

on('fd:saved', () => { if (turned.length) hold(turned); }); // names may be others now
