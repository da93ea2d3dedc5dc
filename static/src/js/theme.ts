// Runs before first paint, so that the page never flashes in the wrong theme.
(() => {
  let theme: string | null = null;
  try { theme = localStorage.getItem('fd-theme'); } catch { /* storage may be off */ }
  theme ??= matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  document.documentElement.dataset.theme = theme;
})();
