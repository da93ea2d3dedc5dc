// What the page says when a request of htmx fails. The answer itself is not shown:
// whatever was on the page stays.
import { on } from './dom';
import { signInAgain } from './signin';
import { toast } from './toast';

interface Failed { ctx: { response?: { status: number; headers: Headers }; sourceElement?: HTMLElement; sourceEvent?: Event } }

on<Failed>('htmx:response:error', ({ ctx }) => {
  const status = ctx.response?.status ?? 0;
  if (status === 401) return void signInAgain(ctx);
  if (ctx.response?.headers.get('HX-Trigger')?.includes('fd:')) return; // the server has said it itself
  const said = sentence(status);
  if (said) toast({ text: said, kind: 'err' });
});
on('htmx:error', () => toast({ text: 'No answer from the server. Check the network and try again.', kind: 'err' }));

export function sentence(status: number) {
  if (status === 403) return 'You may not do that.';
  if (status === 404) return 'That is not there any more. Reload the page to see what is.';
  if (status === 413) return 'That is too large to send.';
  if (status === 429) return 'Too many requests at once. Wait a moment and try again.';
  if (status >= 500) return `The server could not do that (${status}). Try again; the log says why.`;
  return ''; // 400, 409 and 422 show their own words where they belong
}
