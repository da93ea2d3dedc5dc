// What an expression may say, offered while it is typed: values of earlier cards,
// names that the field has of its own, and functions with their signatures.
import { pickedCompletion, type Completion } from '@codemirror/autocomplete';
import type { EditorView } from '@codemirror/view';
import type { FdCompose } from './compose';
import { learnedOf, offered } from './data';
import { $$, el } from './dom';

interface Fn { name: string; signature: string; gives: string; does: string }

let known: Promise<Fn[]> | undefined;
/** The functions there are, asked for once. */
const functions = () => (known ??= fetch('/expressions/functions').then(r => (r.ok ? (r.json() as Promise<Fn[]>) : [] as Fn[])).catch(() => { known = undefined; return [] as Fn[]; }));

/** Everything that an expression of a field may begin with. */
export async function options(field: FdCompose): Promise<Completion[]> {
  await learnedOf(field);
  const values = offered(field).flatMap(({ outs }) => outs.map(o => value(o)));
  const own = (field.dataset.vars ?? '').split(' ').filter(Boolean).map(name => ({ label: name, type: 'variable', detail: 'of this field', boost: 5 }));
  const run = $$('#globals > li').map(o => value(o));
  const fns = (await functions()).map((f): Completion => ({ label: f.name, type: 'function', detail: f.signature.slice(f.name.length), info: () => told(f), apply: call }));
  return [...own, ...values, ...run, ...fns];
}

function value(o: HTMLElement): Completion {
  const sample = o.querySelector('.vl')?.textContent?.trim() ?? '';
  return { label: o.dataset.out!, type: 'variable', detail: [o.dataset.type, sample].filter(Boolean).join(' · '), boost: 2 };
}

/** Puts in a function with the caret between its parentheses. */
function call(view: EditorView, c: Completion, from: number, to: number) {
  const open = view.state.sliceDoc(to, to + 1) === '(';
  view.dispatch({ changes: { from, to, insert: c.label + (open ? '' : '()') }, selection: { anchor: from + c.label.length + 1 }, annotations: pickedCompletion.of(c) });
}

function told(f: Fn) {
  return el('div', 'cm-told', el('code', '', f.signature), el('p', '', f.does));
}
