// Elements that few pages have come when a page has them.
const rare: Record<string, () => Promise<unknown>> = { 'fd-grid': () => import('./grid') };

function look() {
  for (const [name, load] of Object.entries(rare)) if (!customElements.get(name) && document.querySelector(name)) void load();
}
document.addEventListener('DOMContentLoaded', look);
document.addEventListener('htmx:after:swap', look);
look();
