// Cards through the clipboard, as text: within a flow, to another one, to another server.
import { $, byId, say, typing } from './dom';
import { canvas } from './canvas';
import { ids } from './choose';
import { behind, indexAt, placeOf } from './moves';
import { flush, post } from './save';
import { signInAgain } from './signin';
import { toast } from './toast';

const flow = () => '/flows/' + byId('builder')!.dataset.flow;
const kept = 'fd-clip'; // what was copied last, where pages may not read the clipboard
const several = (cards: HTMLElement[]) => (cards.length === 1 ? cards[0].dataset.name! : `${cards.length} cards`);

/** Copies cards. The answer is false when they could not be. */
export async function copyCards(cards: HTMLElement[]): Promise<boolean> {
  const text = (async () => {
    await flush();
    const res = await fetch(`${flow()}/clip?steps=${encodeURIComponent(ids(cards))}`, { headers: { 'HX-Request': 'true' } }); // else the page to sign in would be copied
    if (res.status === 401) void signInAgain();
    if (!res.ok) throw new Error(String(res.status));
    return res.text();
  })();
  try {
    if (navigator.clipboard?.write) await navigator.clipboard.write([new ClipboardItem({ 'text/plain': text.then(t => new Blob([t], { type: 'text/plain' })) })]);
    else byCommand(await text);
  } catch {
    if (!await text.then(() => true, () => false)) { toast({ kind: 'err', text: 'Nothing was copied.' }); return false; }
    byCommand(await text); // a page without a right to the clipboard
  }
  try { localStorage.setItem(kept, await text); } catch { /* storage may be off or full */ }
  say(`${several(cards)} copied`);
  return true;
}

/** The old way, which works on pages without https too. */
function byCommand(text: string) {
  const take = (e: ClipboardEvent) => { e.preventDefault(); e.stopImmediatePropagation(); e.clipboardData?.setData('text/plain', text); };
  document.addEventListener('copy', take, { capture: true, once: true });
  document.execCommand('copy');
  document.removeEventListener('copy', take, true);
}

/** Pastes what the clipboard holds after a card. */
export async function pasteAfter(card: HTMLElement) {
  let text = '';
  try { text = await navigator.clipboard.readText(); } catch { text = localStorage.getItem(kept) ?? ''; }
  paste(text, card);
}

function paste(text: string, at: HTMLElement) {
  const add = at.closest<HTMLElement>('[data-add]'), card = at.closest<HTMLElement>('[data-step]') ?? canvas()?.selected;
  if (add) return post({ op: 'paste', text, parent: add.dataset.parent!, index: String(indexAt(add)), ...behind(add) });
  if (!card) return;
  const place = placeOf(card);
  post({ op: 'paste', text, parent: place.parent, index: String(place.index + 1), after: card.dataset.step! });
}

/** Whether an event is about cards: not about text that is typed or marked. */
function aboutCards(e: ClipboardEvent) {
  const t = e.target as Element | null;
  const at = t instanceof Element && t !== document.body ? t : document.activeElement;
  return at?.closest('fd-canvas') && !typing(at) && !at.closest('.compose') && !$('dialog[open], :popover-open') ? at as HTMLElement : null;
}

document.addEventListener('paste', e => {
  const at = aboutCards(e);
  if (!at) return;
  e.preventDefault();
  paste(e.clipboardData?.getData('text/plain') ?? '', at);
});
