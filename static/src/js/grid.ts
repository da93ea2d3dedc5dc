// <fd-grid>: a table whose cells are edited in place. Arrow keys move through it.
import { $, $$, el, say } from './dom';

class FdGrid extends HTMLElement {
  connectedCallback() {
    if (this.dataset.uiReady) return;
    this.dataset.uiReady = '1';
    this.addEventListener('keydown', e => this.#key(e));
    this.addEventListener('dblclick', e => { const c = this.#cell(e.target); if (c) this.#edit(c); });
    this.addEventListener('click', e => { const c = this.#cell(e.target); if (c && !$('.celledit', c)) this.#go(c); });
    addEventListener('beforeunload', e => { if (this.#unsaved) e.preventDefault(); });
    this.#go($('td[data-col]', this), false);
  }

  #cell = (t: EventTarget | null) => (t as Element).closest<HTMLTableCellElement>('td[data-col]');

  /** One cell can be reached by Tab: the one that was last. */
  #go(cell: HTMLElement | null, focus = true) {
    if (!cell) return;
    for (const c of $$('td[tabindex="0"]', this)) c.tabIndex = -1;
    cell.tabIndex = 0;
    if (focus) cell.focus();
  }

  #beside(cell: HTMLElement, right: number, down: number) {
    const row = cell.closest('tr')!, rows = $$<HTMLTableRowElement>('tbody tr', this), cells = $$('td[data-col]', row);
    const to = rows[Math.max(0, Math.min(rows.length - 1, rows.indexOf(row as HTMLTableRowElement) + down))];
    return $$('td[data-col]', to)[Math.max(0, Math.min(cells.length - 1, cells.indexOf(cell) + right))];
  }

  #key(e: KeyboardEvent) {
    const cell = this.#cell(e.target);
    if (!cell || e.target !== cell) return;
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1], Home: [-1e6, 0], End: [1e6, 0], PageUp: [0, -20], PageDown: [0, 20] }[e.key];
    if (step && !e.ctrlKey && !e.metaKey) { e.preventDefault(); this.#go(this.#beside(cell, step[0], step[1])); }
    else if (e.key === 'Enter' || e.key === 'F2') { e.preventDefault(); this.#edit(cell); }
    else if (e.key === 'Delete') { e.preventDefault(); void this.#save(cell, ''); }
    else if (e.key.length === 1 && e.key !== ' ' && !e.ctrlKey && !e.metaKey && !e.altKey) { e.preventDefault(); this.#edit(cell, e.key); }
  }

  /** Opens a cell; again, with what was typed, when that could not be stored. */
  #edit(cell: HTMLElement, typed?: string, again?: { was: string; wrong: string }) {
    if ($('.celledit', cell)) return;
    if ('long' in cell.dataset) return void $('button', cell.closest('tr')!)?.click(); // in the row's own dialog
    const head = $(`th[data-col="${CSS.escape(cell.dataset.col!)}"]`, this)!, was = again?.was ?? cell.textContent!, at = document.activeElement;
    const input = head.dataset.type === 'boolean' ? el('select', 'inp celledit') : el('input', 'inp celledit');
    if (input instanceof HTMLSelectElement) for (const v of ['', 'true', 'false']) input.add(new Option(v, v));
    input.value = input instanceof HTMLSelectElement && !again ? was : typed ?? was;
    input.setAttribute('aria-label', head.querySelector('a')?.textContent!.trim() ?? cell.dataset.col!);
    cell.replaceChildren(input);
    if (again) this.#wrong(cell, input, again.wrong);
    // Whoever writes in another cell, or is elsewhere by now, goes on there.
    if (!again || !at || at === document.body || this.contains(at) && !at.matches('.celledit')) input.focus();
    if (typed === undefined && input instanceof HTMLInputElement) input.select();
    let over = false;
    const keep = async (right = 0, down = 0) => {
      if (over) return;
      over = true;
      const value = input.value, to = right || down ? this.#beside(cell, right, down) : cell;
      cell.textContent = value;
      cell.removeAttribute('data-wrong');
      if (right || down) this.#go(to); // at once: what is typed next is for that cell
      else this.#go(cell, false);
      if (value === was) return;
      const wrong = await this.#save(cell, value, true);
      if (wrong === null) { if (document.activeElement === document.body) this.#go(cell); return; }
      const open = $<HTMLInputElement | HTMLSelectElement>('.celledit', cell);
      if (open) this.#wrong(cell, open, wrong); else if (cell.isConnected) this.#edit(cell, value, { was, wrong });
    };
    input.addEventListener('keydown', ev => {
      const e = ev as KeyboardEvent;
      if (e.key === 'Escape') { e.preventDefault(); e.stopPropagation(); over = true; cell.textContent = was; cell.removeAttribute('data-wrong'); this.#go(cell); }
      else if (e.key === 'Enter') { e.preventDefault(); void keep(0, 1); }
      else if (e.key === 'Tab') { e.preventDefault(); void keep(e.shiftKey ? -1 : 1, 0); }
    });
    input.addEventListener('blur', () => { if (!over && input.isConnected) void keep(); });
  }

  #wrong(cell: HTMLElement, input: HTMLElement, why: string) {
    input.setAttribute('aria-invalid', 'true');
    const note = $('.cellmsg', cell) ?? cell.appendChild(el('span', 'cellmsg'));
    note.setAttribute('role', 'alert');
    note.textContent = why.charAt(0).toUpperCase() + why.slice(1);
    cell.dataset.wrong = '';
  }

  #last: Promise<unknown> = Promise.resolve();
  #unsaved = 0;
  /** Stores a cell, after those before it. The answer is what is wrong with it. */
  #save(cell: HTMLElement, value: string, said = false): Promise<string | null> {
    this.#unsaved++;
    const saved = this.#last.then(() => this.#send(cell, value, said)).finally(() => { this.#unsaved--; });
    this.#last = saved;
    return saved;
  }

  async #send(cell: HTMLElement, value: string, said: boolean): Promise<string | null> {
    const row = cell.closest<HTMLElement>('tr')!.dataset.row!;
    const res = await fetch(`/tables/${this.dataset.table}/rows/${row}/cell`, {
      method: 'POST', headers: { Accept: 'application/json' }, body: new URLSearchParams({ column: cell.dataset.col!, value }),
    }).catch(() => null);
    if (res?.status === 401) return await signedInAgain() ? this.#send(cell, value, said) : 'It was not saved: you are signed out.';
    const answer = await res?.json().catch(() => ({})) as { text?: string; problem?: string; error?: { message: string } } | undefined;
    if (res?.ok) {
      if (!$('.celledit', cell)) cell.textContent = answer!.text ?? '';
      say('Saved');
      return null;
    }
    const wrong = answer?.problem ?? answer?.error?.message ?? `It was not saved: the server ${res ? `answered ${res.status}` : 'cannot be reached'}.`;
    if (!said) document.dispatchEvent(new CustomEvent('fd:toast', { detail: { text: wrong, kind: 'err' } }));
    return wrong;
  }
}

/** Asks for the password; the answer is whether whoever is there signed in. */
function signedInAgain(): Promise<boolean> {
  return new Promise(answer => {
    const asked = new AbortController();
    for (const said of ['fd:signed-in', 'fd:not-now']) {
      document.addEventListener(said, () => { asked.abort(); answer(said === 'fd:signed-in'); }, { signal: asked.signal });
    }
    document.dispatchEvent(new CustomEvent('fd:sign-in'));
  });
}
customElements.define('fd-grid', FdGrid);
