// Import cURL: the command stays in the browser until it is used. Its secrets go to
// the server with the form of the new connection and never come back.
import htmx from './htmx';
import { $, byId, on } from './dom';
import { flush, post, type Edit } from './save';
import { toast } from './toast';

const flow = () => '/flows/' + byId('builder')!.dataset.flow;

/** Opens the dialog for a new card at a place, or for a card that is there. */
export async function importCurl(at: Record<string, string>) {
  if (await flush()) await htmx.ajax('GET', `${flow()}/curl?` + new URLSearchParams(at), { source: '#dialogs', target: '#dialogs', swap: 'innerHTML' });
}

/** The command of a connection that is being made of it. */
let command = '';
let wanted: Edit | null = null; // the edit whose card that connection is for

document.addEventListener('click', e => {
  const act = (e.target as Element).closest<HTMLElement>('[data-act^="curl-"]')?.dataset.act;
  const form = $<HTMLFormElement>('#curl-form');
  if (!act || !form) return;
  const values = Object.fromEntries(new FormData(form)) as Record<string, string>;
  command = act === 'curl-connect' ? values.command : '';
  form.closest('dialog')!.close();
  const edit: Edit = { op: 'curl', ...values };
  wanted = command ? edit : null;
  post(edit);
});

// The connection is for the card that the command became, or was filled in from it: not for
// one of another edit, and for none when the flow did not take it.
function made(edit: Edit, step: string) {
  if (edit !== wanted) return;
  wanted = null;
  void connect(step);
}
on<{ step: string; edit: Edit }>('fd:added', d => made(d.edit, d.step));
on<{ edit: Edit; status: number }>('fd:saved', ({ edit, status }) => { if (edit.step && status === 200) made(edit, edit.step); });

async function connect(step: string) {
  const body = new URLSearchParams({ command, flow: byId('builder')!.dataset.flow!, step }), target = byId('dialogs')!;
  const res = await fetch('/connections/curl', { method: 'POST', headers: { 'HX-Request': 'true' }, body }).catch(() => null);
  if (!res?.ok) return toast({ kind: 'err', text: 'The connection could not be begun. Choose “New connection” at the card.' });
  await htmx.swap({ text: await res.text(), target, sourceElement: target, swap: 'innerHTML', hx: {} });
  document.dispatchEvent(new CustomEvent('htmx:after:swap'));
}

// Secrets that the form leaves out are in the command, which goes along with what is
// sent and is nowhere in the page.
document.addEventListener('formdata', e => {
  if (command && $('[data-from-command]', e.target as Element)) e.formData.set('curl', command);
});

document.addEventListener('htmx:after:swap', () => {
  const text = byId('curl-command'), wrong = byId('curl-command-m'); // the text stays as it is typed, so its state is set here
  text?.setAttribute('aria-invalid', String(!!wrong));
  text?.setAttribute('aria-describedby', wrong ? wrong.id : 'curl-command-d');
  if (wrong) text?.focus();
});
document.addEventListener('close', e => { if ($('[data-from-command]', e.target as Element)) command = ''; }, true);
