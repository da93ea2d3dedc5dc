import { $, $$, on, say } from './dom';
import { cut, drawPill, factsOf, makePill, type Facts } from './pill';
import { pending, post, type Edit } from './save';

/**
 * <fd-compose value="text {{ref}}" pills='{"ref":{…}}'>: text with pills.
 * The value attribute is what the server holds. What is in the box is what the
 * person typed; it is handed in 400 ms after the last key, and on leaving.
 */
export class FdCompose extends HTMLElement {
  static observedAttributes = ['value', 'pills', 'invalid', 'describedby'];
  #timer = 0;
  #dirty = false;
  #last?: Range;

  get box() { return $('.compose', this)!; }
  get multi() { return this.box.getAttribute('aria-multiline') === 'true'; }
  get card() { return this.closest<HTMLElement>('[data-step]'); }

  connectedCallback() {
    if (this.dataset.uiReady) return;
    this.dataset.uiReady = '1';
    const box = this.box;
    box.addEventListener('input', () => this.#typed());
    box.addEventListener('keydown', e => this.#key(e));
    box.addEventListener('keyup', () => this.remember());
    box.addEventListener('pointerup', () => this.remember());
    box.addEventListener('paste', e => this.#insertText(e, e.clipboardData));
    box.addEventListener('dragstart', e => this.#drag(e));
    box.addEventListener('drop', e => this.#drop(e));
    box.addEventListener('copy', e => this.#copy(e));
    box.addEventListener('cut', e => { if (this.#copy(e)) document.execCommand('delete'); });
    box.addEventListener('blur', () => { this.remember(true); this.#absorb(); this.commit(); });
    box.addEventListener('click', e => { const p = (e.target as Element).closest<HTMLElement>('.pill'); if (p && !p.closest('[data-ui-carry]')) this.#ask('fd:pill', { pill: p }); });
    $('.ins', this)!.addEventListener('click', () => this.openData());
    $('.ascode', this)?.addEventListener('click', () => import('./code').then(m => m.editAsCode(this)));
  }
  connectedMoveCallback() { /* keeps what was typed when a morph moves the field */ }

  attributeChangedCallback(name: string, old: string | null, now: string | null) {
    if (!this.dataset.uiReady) return;
    if (name === 'pills') return this.redraw();
    if (name === 'invalid') return void (now === null ? this.box.removeAttribute('aria-invalid') : this.box.setAttribute('aria-invalid', 'true'));
    if (name === 'describedby') return void (now ? this.box.setAttribute('aria-describedby', now) : this.box.removeAttribute('aria-describedby'));
    if (now === null || now === old || now === this.serialize() || this.#dirty || pending(this.edit(''))) return;
    this.#render(now);
  }

  /** The edit that sets this field. */
  edit(value: string): Edit {
    const d = this.dataset, block = this.closest<HTMLElement>('[data-block].kv-edit')?.dataset.block;
    const edit: Edit = { op: block ? 'result_set' : 'set', step: this.card?.dataset.step ?? '', field: d.field ?? '', value };
    if (block) { edit.block = block; delete edit.field; }
    if (d.key !== undefined) edit.key = d.key;
    if (d.row !== undefined) { edit.row = d.row; edit.col = d.col!; }
    return edit;
  }

  serialize() { return texts(this.box).replace(/\u00a0/g, ' '); }

  /** Hands in what was typed, if anything was. */
  commit() {
    clearTimeout(this.#timer);
    this.removeAttribute('data-ui-typed');
    if (!this.#dirty) return;
    this.#dirty = false;
    if (this.isConnected) post(this.edit(this.serialize()));
  }

  /** Shows what the server holds again, unless something new was typed. */
  reset() {
    const held = this.getAttribute('value') ?? '';
    if (!this.#dirty && this.serialize() !== held) this.#render(held);
  }

  /** Puts a reference where the caret was last, or at the end. Nothing can follow a JSON object, so there it becomes a key of it. */
  insert(src: string, facts: Facts = factsOf(src)) {
    const at = this.#last && this.box.contains(this.#last.startContainer) ? this.#last : end(this.box);
    at.deleteContents();
    const pill = makePill(src, facts), grown = this.#atEnd(at) ? this.#withKey(src) : null;
    if (grown === null) at.insertNode(pill); else this.#render(grown);
    this.#caretAfter(grown === null ? pill : this.box.lastChild!);
    this.#changed();
    this.commit();
    say(`${facts.l}${facts.n ? ` from step ${facts.n}` : ''} inserted`);
  }

  #atEnd(at: Range) {
    const rest = end(this.box);
    rest.setStart(at.startContainer, at.startOffset);
    return ![...rest.cloneContents().childNodes].map(text).join('').trim();
  }
  /** The JSON object in the box with one more key for a reference; null when there is none. */
  #withKey(src: string): string | null {
    const held = this.serialize().trimEnd();
    if (this.dataset.kind !== 'json' || !held) return null;
    let object: unknown;
    try { object = JSON.parse(cut(held).map(p => (typeof p === 'string' ? p : '0')).join('')); } catch { return null; }
    if (typeof object !== 'object' || !object || Array.isArray(object)) return null;
    const base = src.match(/\w+(?=\W*$)/)?.[0] ?? 'value';
    let key = base;
    for (let n = 2; key in object; n++) key = `${base}_${n}`;
    return `${held.slice(0, -1).trimEnd()}${Object.keys(object).length ? ',' : ''}\n  ${JSON.stringify(key)}: {{${src}}}\n}`;
  }

  /** Replaces or removes one pill. */
  setPill(pill: HTMLElement, src: string | null) {
    const next = src === null ? null : makePill(src);
    if (!next) keepLine(pill);
    if (next) pill.replaceWith(next); else pill.remove();
    this.box.focus({ preventScroll: true });
    if (next) this.#caretAfter(next);
    this.#changed();
    this.commit();
  }

  /** Takes a whole new text. */
  write(value: string) {
    if (value === this.serialize()) return;
    this.#render(value);
    this.#changed();
    this.commit();
  }

  /** Writes an expression with help, into the place of a pill, or where the caret was; of an inline field it is the whole text. */
  async writeExpression(src = '', pill?: HTMLElement) {
    const caret = this.#last, inline = this.dataset.kind === 'inline', held = inline ? this.serialize() : pill?.dataset.ref ?? src;
    const text = await (await import('./expression')).writeExpression(this, held);
    this.#last = caret; // the focus went elsewhere and came back
    if (text !== null && inline) this.write(text);
    else if (text !== null && pill?.isConnected) this.setPill(pill, text || null);
    else if (text) this.insert(text);
    this.box.focus({ preventScroll: true });
  }
  openData() { this.remember(); if (this.dataset.kind === 'inline') this.writeExpression(); else this.#ask('fd:data', {}); }
  /** Draws the pills again with what is known now, and leaves the text alone. */
  redraw() {
    const told = facts(this.getAttribute('pills'));
    for (const p of this.box.querySelectorAll<HTMLElement>('.pill')) drawPill(p, told[p.dataset.ref!] ?? factsOf(p.dataset.ref!));
  }

  /** Notes where the caret is. While something else has the focus, the page's selection says nothing about it. */
  remember(leaving = false) {
    const s = getSelection();
    if ((leaving || document.activeElement === this.box) && s?.rangeCount && this.box.contains(s.anchorNode)) this.#last = s.getRangeAt(0).cloneRange();
  }

  #ask(name: string, detail: object) { this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: { field: this, ...detail } })); }
  #typed() {
    this.#changed();
    const s = getSelection(), n = s?.anchorNode;
    if (!(n instanceof Text) || !this.box.contains(n)) return;
    const before = n.data.slice(0, s!.anchorOffset);
    if (!before.endsWith('{{') || n.data.slice(s!.anchorOffset).startsWith('}}')) return;
    if (n.length === 2) keepLine(n);
    n.deleteData(s!.anchorOffset - 2, 2); // two braces ask for data
    this.#changed();
    this.openData();
  }
  #changed() {
    this.#dirty = true;
    this.setAttribute('data-ui-typed', ''); // until it is handed in, Ctrl+Z is the browser's
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.commit(), 400);
    this.#ask('fd:typed', {});
  }

  /** Braces that were typed out and closed become pills; a long address may wrap at its slashes. */
  #absorb() {
    const value = this.serialize();
    const open = [...this.box.childNodes].some(n => n instanceof Text && (/\{\{.*\}\}/s.test(n.data) || (this.dataset.kind === 'url' && /[/?&][^/]/.test(n.data.slice(0, -1)))));
    if (open) this.#render(value);
  }
  #render(value: string) {
    const told = facts(this.getAttribute('pills')), caret = this.#before();
    this.box.replaceChildren(...cut(value).flatMap(p => (typeof p === 'string' ? this.#text(p) : [makePill(p.src, told[p.src] ?? factsOf(p.src))])), value.endsWith('\n') ? '\n' : '');
    if (document.activeElement === this.box) this.#select(end(this.box));
    else if (caret !== null) this.#last = this.#at(caret); // what comes next goes where the caret was
  }
  /** How much text stands before the caret's last place. */
  #before(): number | null {
    if (!this.#last || !this.box.contains(this.#last.startContainer)) return null;
    const r = document.createRange();
    r.setStart(this.box, 0);
    r.setEnd(this.#last.startContainer, this.#last.startOffset);
    return [...r.cloneContents().childNodes].map(text).join('').length;
  }
  /** The place behind that much text. */
  #at(length: number): Range {
    const r = end(this.box);
    for (const n of this.box.childNodes) {
      const here = text(n).length;
      if (length > here) { length -= here; continue; }
      if (n instanceof Text) r.setStart(n, length); else if (length) r.setStartAfter(n); else r.setStartBefore(n);
      r.collapse(true);
      return r;
    }
    return r;
  }
  #text(t: string): Node[] {
    if (this.dataset.kind !== 'url') return [document.createTextNode(t)];
    return t.split(/(?<=[/?&])(?=[^/])/).flatMap((x, i) => [...(i ? [document.createElement('wbr')] : []), document.createTextNode(x)]);
  }

  #key(e: KeyboardEvent) {
    if (e.ctrlKey && e.code === 'Space') { e.preventDefault(); this.openData(); }
    else if (e.key === 'Enter' && !e.ctrlKey && !e.metaKey) { e.preventDefault(); if (this.multi) document.execCommand('insertLineBreak'); else this.commit(); }
    else if (e.key === 'Escape') { e.stopPropagation(); this.card?.focus(); }
    else if (e.altKey && e.key === 'ArrowDown') { const p = this.#beside(); if (p) { e.preventDefault(); this.#ask('fd:pill', { pill: p }); } }
    else if (e.key === 'Backspace' || e.key === 'Delete') {
      const s = getSelection()!;
      const p = s.isCollapsed ? this.#beside(e.key === 'Delete' ? 1 : -1) : null;
      if (p) { e.preventDefault(); const at = document.createRange(); at.setStartBefore(p); at.collapse(true); keepLine(p); p.remove(); this.#select(at); this.#changed(); say('Value removed'); }
    }
  }
  /** The pill next to the caret. */
  #beside(side = 0): HTMLElement | null {
    const s = getSelection(), n = s?.anchorNode;
    if (!n || !this.box.contains(n)) return null;
    const o = s!.anchorOffset;
    let before: Node | null, after: Node | null;
    if (n instanceof Text) { before = o ? null : n.previousSibling; after = o < n.length ? null : n.nextSibling; }
    else { before = n.childNodes[o - 1] ?? null; after = n.childNodes[o] ?? null; }
    const skip = (x: Node | null, back: boolean) => { while (x && (x.nodeName === 'WBR' || (x instanceof Text && !x.length))) x = back ? x.previousSibling : x.nextSibling; return x; };
    const pill = (x: Node | null) => (x instanceof HTMLElement && x.matches('.pill') ? x : null);
    return (side <= 0 ? pill(skip(before, true)) : null) ?? (side >= 0 ? pill(skip(after, false)) : null);
  }

  #insertText(e: Event, data: DataTransfer | null) {
    e.preventDefault();
    let t = data?.getData('text/plain') ?? '';
    if (!this.multi) t = t.replace(/\s*\n\s*/g, ' ').trim();
    document.execCommand('insertText', false, t);
    if (t.includes('{{')) { this.#absorb(); this.#select(end(this.box)); }
  }
  #copy(e: ClipboardEvent): boolean {
    const s = getSelection();
    if (!s?.rangeCount || s.isCollapsed) return false;
    e.preventDefault();
    e.clipboardData?.setData('text/plain', [...s.getRangeAt(0).cloneContents().childNodes].map(text).join(''));
    return true;
  }
  #drag(e: DragEvent) {
    const s = getSelection();
    if (!s?.rangeCount || s.isCollapsed || !e.dataTransfer) return;
    dragged = { from: this, what: s.getRangeAt(0).cloneRange() };
    e.dataTransfer.setData('text/plain', [...dragged.what.cloneContents().childNodes].map(text).join(''));
    addEventListener('dragend', () => { dragged = null; }, { once: true });
  }
  /** Puts what is dropped where the pointer is. Text of a field of this page leaves its place, unless Ctrl or Alt makes it a copy. */
  #drop(e: DragEvent) {
    const at = under(e.clientX, e.clientY, this.box), own = dragged && !e.ctrlKey && !e.altKey ? dragged : null;
    if (own?.from === this && own.what.comparePoint(at.startContainer, at.startOffset) === 0) return e.preventDefault(); // into itself
    if (own) { own.what.deleteContents(); own.from.#changed(); }
    this.box.focus({ preventScroll: true });
    this.#select(at);
    this.#insertText(e, e.dataTransfer);
  }
  #caretAfter(node: Node) {
    const at = document.createRange();
    at.setStartAfter(node);
    at.collapse(true);
    this.box.focus({ preventScroll: true });
    this.#select(at);
  }
  #select(at: Range) {
    const s = getSelection()!;
    s.removeAllRanges();
    s.addRange(at);
    this.#last = at.cloneRange();
  }
}

let dragged: { from: FdCompose; what: Range } | null = null; // text on its way

/** The place in a box under the pointer, or its end. */
function under(x: number, y: number, box: HTMLElement): Range {
  const p = document.caretPositionFromPoint?.(x, y), r = p ? document.createRange() : document.caretRangeFromPoint?.(x, y) ?? null;
  if (p) r!.setStart(p.offsetNode, p.offset);
  if (!r || !box.contains(r.startContainer)) return end(box);
  const pill = r.startContainer.parentElement!.closest('.pill') ?? (r.startContainer as Element).closest?.('.pill');
  if (pill && box.contains(pill)) r.setStartAfter(pill);
  r.collapse(true);
  return r;
}

const text = (n: Node): string => (n instanceof HTMLElement && n.dataset.ref ? `{{${n.dataset.ref}}}` : n.nodeName === 'BR' ? '\n' : n instanceof HTMLElement ? (n.matches('div,p') && n.previousSibling ? '\n' : '') + texts(n) : (n.textContent ?? ''));
const full = (of: Node) => [...of.childNodes].filter(n => !(n instanceof Text) || n.length > 0);
const last = (of: Node) => full(of).at(-1);
/** Keeps the last line when what is alone on it goes. */
const keepLine = (n: ChildNode) => {
  const [before, at] = full(n.parentNode!).slice(-2);
  if (at === n && text(before).endsWith('\n')) n.after('\n');
};
/** A break at the end of a box is there for the caret to stand behind, and no line of its own. */
const texts = (of: Node): string => [...of.childNodes].map(n => (n !== last(of) ? text(n) : n.nodeName === 'BR' ? '' : n instanceof Text ? n.data.replace(/\n$/, '') : text(n))).join('');
const end = (box: Node) => {
  const r = document.createRange(), n = last(box);
  r.selectNodeContents(box);
  if (n instanceof Text && n.data.endsWith('\n')) r.setEnd(n, n.length - 1);
  else if (n?.nodeName === 'BR') r.setEndBefore(n);
  r.collapse(false);
  return r;
};
function facts(raw: string | null): Record<string, Facts> {
  if (!raw) return {};
  try { return JSON.parse(raw); } catch { return {}; }
}
customElements.define('fd-compose', FdCompose);
on('fd:flush', () => $$<FdCompose>('fd-compose').forEach(f => f.commit()));
on('fd:reset', () => $$<FdCompose>('fd-compose').forEach(f => f.reset()));
