// A larger editor for JSON and long text. It is loaded when it is first asked for.
import { autocompletion, closeBrackets, completionKeymap, type CompletionContext } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, HighlightStyle, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import { Decoration, drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers, MatchDecorator, ViewPlugin, type DecorationSet, type ViewUpdate } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { FdCompose } from './compose';
import { options } from './complete';
import { sheet } from './dialogs';
import { el } from './dom';

/** Opens the text of a field in the large editor; Done puts it back. */
export async function editAsCode(field: FdCompose) {
  const label = field.box.getAttribute('aria-label') ?? document.getElementById(field.id + '-l')?.firstChild?.textContent?.trim() ?? 'Text';
  const host = el('div', 'codehost'), title = el('h2', '', `${label} of ${field.card?.dataset.name ?? ''}`);
  // The editor writes its own styles; a shadow root takes them without a style element.
  const root = host.attachShadow({ mode: 'open' });
  const body = el('div', 'dbody', host, el('p', 'hint', 'Values stand in double braces, {{step.value}}. Ctrl+Space lists them; Ctrl+Enter is Done.'));
  const done = sheet('wide', `${label} as code`, [el('div', 'dhead', el('div', '', title)), body], 'Done');
  const view = new EditorView({ root, parent: root, state: EditorState.create({ doc: field.serialize(), extensions: extensions(field, label) }) });
  view.focus();
  const keep = await done;
  const text = view.state.doc.toString();
  view.destroy();
  if (keep) field.write(text);
  field.box.focus({ preventScroll: true });
}

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'light-dark(oklch(.43 .14 264), oklch(.80 .09 264))' },
  { tag: tags.string, color: 'light-dark(oklch(.45 .11 155), oklch(.80 .11 155))' },
  { tag: [tags.number, tags.bool, tags.null], color: 'light-dark(oklch(.49 .14 45), oklch(.81 .11 70))' },
]);

export const look = EditorView.theme({
  '&': { height: '100%', color: 'var(--text)', backgroundColor: 'var(--surface)', fontSize: 'var(--fs-sm)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.7' },
  '.cm-gutters': { backgroundColor: 'var(--surface-2)', color: 'var(--text-3)', borderRight: '1px solid var(--line)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--accent-weak)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': { background: 'var(--accent-line)' },
  '.cm-tooltip': { backgroundColor: 'var(--surface)', border: '1px solid var(--line-strong)', color: 'var(--text)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--accent-weak)', color: 'var(--text)' },
  // Borders and outlines only: what replaces marked text would take its colours along as an inline style.
  '.cm-wrong': { borderBottom: '2px dotted var(--err)' },
  '&.cm-focused .cm-matchingBracket, &.cm-focused .cm-nonmatchingBracket': { backgroundColor: 'transparent', outline: '1px solid var(--accent-line)' },
  '.cm-told p': { margin: '4px 0 0' },
  '.cm-told': { maxWidth: '36ch', padding: '4px' },
  '.cm-value': { color: 'var(--accent)', backgroundColor: 'var(--accent-weak)', borderRadius: '4px' },
});

const braces = new MatchDecorator({ regexp: /\{\{.*?\}\}/g, decoration: Decoration.mark({ class: 'cm-value' }) });
const values = ViewPlugin.fromClass(class {
  marks: DecorationSet;
  constructor(view: EditorView) { this.marks = braces.createDeco(view); }
  update(u: ViewUpdate) { this.marks = braces.updateDeco(u, this.marks); }
}, { decorations: p => p.marks });

function extensions(field: FdCompose, label: string) {
  const language = field.dataset.kind === 'json' ? [json(), syntaxHighlighting(colours)] : [];
  return [
    lineNumbers(), history(), drawSelection(), highlightActiveLine(), bracketMatching(), closeBrackets(), indentUnit.of('  '),
    EditorView.lineWrapping, EditorView.contentAttributes.of({ 'aria-label': `${label} as code`, spellcheck: 'false' }),
    autocompletion({ override: [c => complete(c, field)], icons: false }), keymap.of([{ key: 'Mod-Enter', run: () => true }, ...completionKeymap, ...defaultKeymap, ...historyKeymap]),
    values, look, ...language,
  ];
}

/** Between braces offers all that an expression may say, elsewhere the values with their braces. */
async function complete(c: CompletionContext, field: FdCompose) {
  const before = c.state.sliceDoc(0, c.pos), open = before.lastIndexOf('{{') > before.lastIndexOf('}}');
  const word = c.matchBefore(/[\w.]*$/);
  if (!c.explicit && !(open && (word?.text || before.endsWith('{{')))) return null;
  const closed = c.state.sliceDoc(c.pos, c.pos + 200).split('{{')[0].includes('}}');
  const list = (await options(field)).filter(o => open || o.type === 'variable');
  const end = open && !closed ? '}}' : '';
  return {
    from: word?.from ?? c.pos, validFor: /^[\w.]*$/,
    options: list.map(o => ({ ...o, apply: o.type === 'function' ? o.apply : open ? o.label + end : `{{${o.label}}}` })),
  };
}
