// The time zones there are, for fields that name one: the browser's own stands first.
import { byId, el } from './dom';

document.addEventListener('focusin', e => {
  if (!(e.target as Element).matches('input[list="zones"]') || byId('zones')) return;
  const list = el('datalist'), own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  list.id = 'zones';
  for (const name of new Set([own, 'UTC', ...Intl.supportedValuesOf('timeZone')])) list.append(new Option(name, name));
  document.body.append(list);
});
