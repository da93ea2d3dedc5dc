// Writing one expression with help: what may stand in it is offered, and what it
// gives with the values of the last run stands under it. It is loaded when asked for.
import { autocompletion, closeBrackets, completionKeymap, startCompletion, type CompletionContext } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching } from '@codemirror/language';
import { EditorState, StateEffect, StateField } from '@codemirror/state';
import { Decoration, drawSelection, EditorView, keymap, type DecorationSet } from '@codemirror/view';
import { look } from './code';
import { options } from './complete';
import type { FdCompose } from './compose';
import { sheet } from './dialogs';
import { byId, el } from './dom';

interface Tried { value?: string; type?: string; error?: string; column?: number; note?: string }

/** Opens an expression of a field; the answer is what was written, or null. */
export async function writeExpression(field: FdCompose, src: string): Promise<string | null> {
  const label = field.box.getAttribute('aria-label') ?? document.getElementById(field.id + '-l')?.firstChild?.textContent?.trim() ?? 'Text';
  const host = el('div', 'codehost short'), given = el('div', 'tried');
  given.setAttribute('role', 'status');
  given.id = 'tried';
  const root = host.attachShadow({ mode: 'open' }); // it takes the editor's styles without a style element
  const vars = field.dataset.vars ? ` Here ${field.dataset.vars.split(' ').join(', ')} stand for what the card goes through.` : '';
  const hint = el('p', 'hint', `Type the name of a value or a function; Ctrl+Space lists them, Ctrl+Enter is Done.${vars}`);
  const head = el('div', 'dhead', el('div', '', el('h2', '', `Expression in ${label}`)));
  const done = sheet('wide', 'Expression', [head, el('div', 'dbody', host, given, hint)], 'Done');
  const all = options(field);
  const view: EditorView = new EditorView({
    root, parent: root,
    state: EditorState.create({
      doc: src, selection: { anchor: src.length }, extensions: [
        history(), drawSelection(), bracketMatching(), closeBrackets(), EditorView.lineWrapping, look, wrong,
        EditorView.contentAttributes.of({ 'aria-label': 'Expression', spellcheck: 'false' }),
        // An expression is one line: Enter takes what is offered, however fast, and else does nothing.
        autocompletion({ override: [c => complete(c, all)], icons: false, activateOnTypingDelay: 0, interactionDelay: 0 }),
        keymap.of([{ key: 'Mod-Enter', run: () => true }, ...completionKeymap, { key: 'Enter', run: () => true }, ...defaultKeymap, ...historyKeymap]),
        EditorView.updateListener.of(u => { if (u.docChanged) later(); }),
      ],
    }),
  });
  let timer = 0, asked = 0;
  const later = () => { clearTimeout(timer); timer = window.setTimeout(tryIt, 200); };
  const tryIt = async () => {
    const text = view.state.doc.toString(), number = ++asked;
    if (!text.trim()) return given.replaceChildren();
    const t = await ask(field, text);
    if (number !== asked || !given.isConnected) return;
    show(given, t);
    view.dispatch({ effects: mark.of(t?.error && t.column ? t.column : 0) });
  };
  view.focus();
  if (src) tryIt(); else startCompletion(view);
  const keep = await done;
  clearTimeout(timer);
  const text = view.state.doc.toString().trim();
  view.destroy();
  return keep ? text : null;
}

async function ask(field: FdCompose, src: string): Promise<Tried | null> {
  const flow = byId('builder')?.dataset.flow, step = field.card?.dataset.step ?? '';
  try {
    const r = await fetch(`/flows/${flow}/steps/${encodeURIComponent(step)}/expression`, { method: 'POST', body: new URLSearchParams({ src, field: field.dataset.field ?? '', block: field.closest<HTMLElement>('[data-block].kv-edit')?.dataset.block ?? '' }) });
    return r.ok ? await r.json() : null;
  } catch { return null; }
}

function show(box: HTMLElement, t: Tried | null) {
  if (!t) return box.replaceChildren(el('p', 'hint', 'The value cannot be shown now.'));
  if (t.error) {
    const where = t.column ? `Column ${t.column}: ` : '';
    const why = el('p', 'msg err', where + t.error);
    return box.replaceChildren(why);
  }
  const parts: HTMLElement[] = [];
  if (t.type) parts.push(el('div', 'res', el('span', 'aux', t.type), el('code', '', t.value ?? '')));
  if (t.note) parts.push(el('p', 'hint', t.note));
  box.replaceChildren(...parts);
}

/** The word at the column where something is wrong. */
const mark = StateEffect.define<number>();
const wrong = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, tr) {
    marks = tr.docChanged ? Decoration.none : marks;
    for (const e of tr.effects) if (e.is(mark)) marks = marked(tr.state, e.value);
    return marks;
  },
  provide: f => EditorView.decorations.from(f),
});

function marked(state: EditorState, column: number): DecorationSet {
  const text = state.doc.toString(), at = [...text].slice(0, column - 1).join('').length;
  if (!column || !text) return Decoration.none;
  const from = Math.min(at, text.length - 1), word = text.slice(from).match(/^[\w.]+/)?.[0].length ?? 1;
  return Decoration.set([Decoration.mark({ class: 'cm-wrong' }).range(from, from + word)]);
}

async function complete(c: CompletionContext, all: ReturnType<typeof options>) {
  const word = c.matchBefore(/[\w.]*$/);
  if (!word || (word.from === word.to && !c.explicit)) return null;
  if (/^[\d.]/.test(word.text) || quoted(c.state.sliceDoc(0, word.from))) return null;
  return { from: word.from, options: await all, validFor: /^[\w.]*$/ };
}

/** Whether text ends inside of quotes. */
function quoted(before: string) {
  let quote = '';
  for (let i = 0; i < before.length; i++) {
    if (quote) { if (before[i] === '\\') i++; else if (before[i] === quote) quote = ''; }
    else if ('"\'`'.includes(before[i])) quote = before[i];
  }
  return quote !== '';
}
