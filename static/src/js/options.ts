// Fields that choose among things the server keeps: their picker, and the way to an expression instead.
import htmx from './htmx';
import { $, byId } from './dom';
import { openPicker, refilter } from './picker';
import { flush, post, type Edit } from './save';

const id = 'choicepicker';
let at: HTMLElement | null = null, timer = 0;

const load = (query: string) => htmx.ajax('GET', `/choices/${at!.dataset.choose}?${new URLSearchParams({ q: query, value: at!.dataset.value ?? '' })}`, { source: `#${id}-l`, target: `#${id}-l`, swap: 'innerHTML' });

function chosen(option: HTMLElement) {
  const field = at!, d = field.dataset;
  if (option.dataset.href) { location.href = option.dataset.href; return; }
  if ('expression' in option.dataset) {
    const box = $(`[data-choose-expr="${CSS.escape(field.id)}"]`);
    if (!box) return;
    box.hidden = false;
    return $('.compose', box)?.focus();
  }
  const edit: Edit = { op: 'set', step: field.closest<HTMLElement>('[data-step]')!.dataset.step!, field: d.field!, value: option.dataset.value! };
  if (d.key) edit.key = d.key;
  if (d.row) { edit.row = d.row; edit.col = d.col!; }
  field.focus();
  post(edit);
}

document.addEventListener('click', async e => {
  const field = (e.target as Element).closest<HTMLElement>('[data-choose]');
  if (!field || !(await flush())) return;
  at = field.id ? byId(field.id) ?? field : field;
  await load('');
  const input = $('input', byId(id)!)!;
  input.setAttribute('aria-label', `Search: ${at.dataset.noun}`);
  input.setAttribute('placeholder', `Find a ${at.dataset.noun}`);
  openPicker(id, at, chosen);
});

// More than one answer lists: typing asks again.
document.addEventListener('input', e => {
  const p = (e.target as Element).closest<HTMLElement>('#' + id);
  if (!p || !$('[data-more]', p) && !p.dataset.uiAsked) return;
  p.dataset.uiAsked = '1';
  clearTimeout(timer);
  timer = window.setTimeout(() => void load((e.target as HTMLInputElement).value).then(() => refilter(p)), 200);
});
document.addEventListener('toggle', e => { const p = e.target as HTMLElement; if (p.id === id) delete p.dataset.uiAsked; }, true);
