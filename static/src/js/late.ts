// Elements that few pages have: their code is fetched when one of them turns up.
import { $ } from './dom';

const late: Record<string, () => Promise<unknown>> = {
  'fd-keygen': () => import('./keygen'),
  'fd-chosen': () => import('./chosen'),
  'fd-try': () => import('./try'),
};

function look() {
  for (const [name, load] of Object.entries(late)) if ($(name)) void load();
}
document.addEventListener('DOMContentLoaded', look);
document.addEventListener('htmx:after:swap', look);
