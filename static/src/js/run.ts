// A run of the draft, started from the builder: cards light up as they are reached.
import htmx from './htmx';
import { $$, byId, on } from './dom';
import { flush } from './save';
import { toast } from './toast';
import { wholeCards } from './whole';

interface Started { run: string; stream: string; href: string }
interface Step { step: string; status: string; ms?: number }
interface End { status: string; text: string }

const looks: Record<string, string> = { running: 'run', waiting: 'run', succeeded: 'ok', failed: 'err', cancelled: '' };
let stream: EventSource | null = null;

on<Started>('fd:run', started => {
  stream?.close();
  for (const card of $$('#canvas [data-step]')) delete card.dataset.status;
  stream = new EventSource(started.stream);
  stream.addEventListener('fd:run', e => light(JSON.parse(e.data) as Step));
  stream.addEventListener('done', e => { stream?.close(); stream = null; ended(started, JSON.parse(e.data) as End); });
  stream.addEventListener('error', () => { if (stream?.readyState === EventSource.CLOSED) lost(started); });
});

function light(s: Step) {
  const card = byId('card-' + s.step);
  if (card && s.status in looks) card.dataset.status = looks[s.status];
}

function ended(started: Started, end: End) {
  toast({ text: 'Run finished: ' + end.text, kind: end.status === 'failed' ? 'err' : undefined, href: started.href, label: 'Open the run' });
  refresh();
}

function lost(started: Started) {
  stream = null;
  toast({ text: 'The run goes on, but its updates stopped.', href: started.href, label: 'Open the run' });
}

/** Draws the canvas again, with what runs and tests have shown since. */
async function refresh(): Promise<void> {
  const builder = byId('builder');
  if (!builder || !await flush()) return;
  const res = await fetch(`/flows/${builder.dataset.flow}/canvas?whole=${encodeURIComponent(wholeCards())}`, { headers: { 'HX-Request': 'true', 'HX-Current-URL': location.href } }).catch(() => null);
  const target = byId('canvas-world');
  if (!res?.ok || !target) return; // the next edit draws it anyway
  if (Number(res.headers.get('FD-Rev')) < Number(byId('flow-rev')?.getAttribute('value'))) return refresh(); // an edit was faster
  await htmx.swap({ text: await res.text(), target, sourceElement: target, swap: 'outerMorph', hx: {} });
  document.dispatchEvent(new CustomEvent('fd:drawn'));
}
on('fd:refresh', () => void refresh());
on('fd:variables', () => void refresh()); // a card chooses among secrets
