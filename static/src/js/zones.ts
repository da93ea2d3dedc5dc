// The time zones there are, for fields that name one: the browser's own stands first.
import { byId, el } from './dom';

/** The time zone of whoever sits there; a new schedule begins with it. */
export const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone ?? '';

document.addEventListener('focusin', e => {
  if (!(e.target as Element).matches('input[list="zones"]') || byId('zones')) return;
  const list = el('datalist'), own = ownZone();
  list.id = 'zones';
  for (const name of new Set([own, 'UTC', ...Intl.supportedValuesOf('timeZone')])) list.append(new Option(name, name));
  document.body.append(list);
});
