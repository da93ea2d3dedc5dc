// What can be done to a card: from its menu, its buttons and its keys alike.
import htmx from './htmx';
import { $, $$, byId, el, on, say } from './dom';
import { canvas } from './canvas';
import { ids, meant } from './choose';
import { copyCards, pasteAfter } from './clip';
import { importCurl } from './curl';
import { opener, openMenu } from './menus';
import { behind, indexAt, nudge, pickUpCard } from './moves';
import { openPicker } from './picker';
import { flush, post, type Edit } from './save';
import { whole } from './whole';

const flow = () => '/flows/' + byId('builder')!.dataset.flow;
const isTrigger = (c: HTMLElement) => 'trigger' in c.dataset;

/** Does one of the things that a card can do. */
export function act(name: string, card: HTMLElement): void {
  const step = card.dataset.step!;
  switch (name) {
    case 'test': return 'canTest' in card.dataset ? void test(card) : say('This card has nothing to test');
    case 'rename': return rename(card);
    case 'change-start': return changeStart(card);
    case 'note': return void note(card);
    case 'collapse': return canvas()!.collapse(card, !card.hasAttribute('data-ui-collapsed'));
    case 'add': return add($('.joint [data-add]', card.closest('li.step')!) ?? card);
  }
  if (name === 'paste') return void pasteAfter(card);
  const cards = meant(card);
  if (isTrigger(card)) return say('What starts the flow stays first');
  switch (name) {
    case 'copy': return void copyCards(cards);
    case 'cut': return void copyCards(cards).then(copied => { if (copied) remove(cards); });
    case 'wrap': return wrap(card, cards);
    case 'run-to': case 'run-from': return void openDialog(`${flow()}/steps/${encodeURIComponent(step)}/run?way=${name.slice(4)}`);
    case 'pin': return void openDialog(`${flow()}/steps/${encodeURIComponent(step)}/pin`);
    case 'import-curl': return void importCurl({ step });
    case 'duplicate': return post(cards.length > 1 ? { op: 'duplicate_all', steps: ids(cards) } : { op: 'duplicate', step });
    case 'toggle': return post({ op: 'toggle', step });
    case 'earlier': return nudge(card, -1);
    case 'later': return nudge(card, 1);
    case 'carry-card': return pickUpCard(card);
    case 'delete': return remove(cards);
  }
}

/** Opens a dialog about the flow as it is stored. */
async function openDialog(url: string) {
  if (await flush()) await htmx.ajax('GET', url, { source: '#dialogs', target: '#dialogs', swap: 'innerHTML' });
}

function remove(cards: HTMLElement[]) {
  const all = canvas()!.cards(), i = all.indexOf(cards.at(-1)!), gone = (c: HTMLElement) => cards.some(x => x.contains(c));
  const next = all.slice(i + 1).find(c => !gone(c)) ?? all.slice(0, i).reverse().find(c => !gone(c));
  const id = next?.id, edit: Edit = cards.length > 1 ? { op: 'remove_all', steps: ids(cards) } : { op: 'remove', step: cards[0].dataset.step! };
  post(edit);
  const saved = (e: Event) => {
    if ((e as CustomEvent<{ edit: Edit }>).detail.edit !== edit) return; // one that was made before
    document.removeEventListener('fd:saved', saved);
    if (id && (document.activeElement === document.body || !document.activeElement)) byId(id)?.focus({ preventScroll: true });
  };
  document.addEventListener('fd:saved', saved);
}

/** Asks which card with blocks to put cards into. */
function wrap(card: HTMLElement, cards: HTMLElement[]) {
  openPicker('wrappicker', $('.chead', card)!, o => post(cards.length > 1 ? { op: 'wrap', steps: ids(cards), card: o.dataset.card! } : { op: 'wrap', step: card.dataset.step!, card: o.dataset.card! }));
}

/** Opens the palette; what is chosen goes where the button stands. */
export function add(at: HTMLElement) {
  if (!at.matches('[data-add]')) return;
  const { parent } = at.dataset, index = String(indexAt(at));
  const card = at.closest('li.step')?.querySelector<HTMLElement>(':scope > [data-step]');
  if (card) canvas()?.select(card);
  openPicker('picker', at, o => o.dataset.card === 'curl' ? void importCurl({ parent: parent!, index }) : post({ op: 'insert', card: o.dataset.card!, parent: parent!, index, ...behind(at) }));
}

function changeStart(card: HTMLElement) {
  openPicker('startpicker', $('.chead', card)!, o => post({ op: 'trigger', card: o.dataset.card! }));
}

async function test(card: HTMLElement) {
  canvas()!.select(card);
  if (await flush()) await htmx.ajax('GET', `${flow()}/steps/${encodeURIComponent(card.dataset.step!)}/test`, { source: '#drawer-host', target: '#drawer-host', swap: 'innerHTML' });
  const first = $<HTMLElement>('.drawer :is(input:not([type=hidden]), textarea, select, [data-act="run-test"])');
  first?.focus();
  canvas()!.wires.draw();
}

/** Turns the title into an input until Enter or leaving. */
export function rename(card: HTMLElement, edit = (title: string) => post({ op: 'rename', step: card.dataset.step!, title })) {
  const title = $('[data-title]', card) ?? card;
  if ($('input', title)) return;
  const was = title.textContent!.trim(), input = el('input', 'inp retitle');
  input.value = was;
  input.setAttribute('aria-label', 'Name');
  input.maxLength = 120;
  title.setAttribute('hx-morph-skip', '');
  title.replaceChildren(input);
  input.select();
  input.focus();
  let over = false;
  const done = (keep: boolean) => {
    if (over) return;
    over = true;
    document.removeEventListener('fd:flush', save);
    const now = input.value.trim();
    title.removeAttribute('hx-morph-skip');
    title.textContent = keep && now ? now : was;
    if (keep && now && now !== was) edit(now);
  };
  const save = () => done(true);
  input.addEventListener('blur', save);
  document.addEventListener('fd:flush', save); // the page may be left at once
  input.addEventListener('keydown', e => {
    e.stopPropagation();
    if (e.key === 'Enter' || e.key === 'Escape') { e.preventDefault(); done(e.key === 'Enter'); (card.matches('[tabindex]') ? card : $('[data-act="rename-flow"]'))?.focus(); }
  });
}

async function note(card: HTMLElement) {
  canvas()!.collapse(card, false);
  const box = $('.cnote', await whole(card))!;
  box.setAttribute('data-ui-noting', '');
  $('textarea', box)!.focus();
}

/* The one card menu acts on the card whose button opened it. */
const menuCard = () => opener()?.closest<HTMLElement>('[data-step]') ?? canvas()?.selected ?? null;

document.addEventListener('beforetoggle', e => {
  const menu = e.target as HTMLElement;
  if (menu.id !== 'cardmenu' || (e as ToggleEvent).newState !== 'open') return;
  const card = menuCard();
  if (!card) return;
  canvas()?.select(card);
  const trigger = isTrigger(card);
  for (const item of $$('[data-card-act]', menu)) {
    const name = item.dataset.cardAct!;
    item.hidden = name === 'change-start' ? !trigger : name === 'test' ? !('canTest' in card.dataset) : name === 'import-curl' ? trigger || !('signsIn' in card.dataset) : trigger && /^(run-to|run-from|pin|copy|cut|wrap|duplicate|earlier|later|carry-card|toggle|delete)$/.test(name);
    if (name === 'toggle') item.lastChild!.textContent = 'off' in card.dataset ? 'Turn on' : 'Turn off';
  }
}, true);

document.addEventListener('click', e => {
  const t = e.target as HTMLElement;
  const item = t.closest<HTMLElement>('[data-card-act]'), card = item ? menuCard() : t.closest<HTMLElement>('[data-step]');
  if (item && card) return void setTimeout(() => act(item.dataset.cardAct!, card)); // after the menu has given the focus back
  const plus = t.closest<HTMLElement>('[data-add]');
  if (plus) return add(plus);
  const conn = t.closest<HTMLElement>('[data-conn]');
  if (conn && card) return void connections(conn, card);
  const name = t.closest<HTMLElement>('[data-act]')?.dataset.act;
  if (card && (name === 'pin' || name === 'test' || name === 'collapse' || name === 'note')) return act(name, card);
  if (card && name === 'add-output') { const f = $<HTMLFormElement>('[data-addout]', card)!; f.hidden = !f.hidden; $<HTMLElement>('input', f)?.focus(); return; }
  if (name === 'rename-flow') rename(byId('flow-name')!, title => post({ op: 'rename', step: '', title }));
  const head = t.closest('.chead');
  if (head && card?.matches('.card') && !t.closest('button, input') && matchMedia('(max-width: 760px)').matches) act('collapse', card);
});
document.addEventListener('dblclick', e => {
  const title = (e.target as Element).closest<HTMLElement>('fd-canvas [data-title]');
  if (title) rename(title.closest<HTMLElement>('[data-step]')!);
});

async function connections(row: HTMLElement, card: HTMLElement) {
  const menu = byId('connmenu')!;
  if (!(await flush())) return;
  await htmx.ajax('GET', `${flow()}/steps/${encodeURIComponent(card.dataset.step!)}/connections`, { source: '#connmenu', target: '#connmenu', swap: 'innerHTML' });
  if (menu.childElementCount) openMenu(menu, byId(row.id) ?? row);
}

// A card was added: go to what has to be filled in first.
on('fd:added', ({ step }) => {
  const c = canvas(), card = c?.card(step);
  if (!c || !card) return;
  c.collapse(card, false);
  if ('comment' in card.dataset) return c.select(card), void note(card);
  const empty = $$('fd-compose[data-required]', card).find(f => !f.getAttribute('value')) ?? $('fd-compose:not([hidden] *), [data-choose]', card);
  c.go(card); // which selects it: to select it while another has the focus costs a layout
  if (empty) ($('.compose', empty) ?? empty).focus();
  say(`${card.dataset.name} added as step ${card.dataset.number}`);
});
