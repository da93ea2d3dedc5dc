// While a word is put together, as in Japanese or Chinese, keys are for the window that
// does it: Enter takes a word, Escape drops it. No other listener hears them. Comes first.
addEventListener('keydown', e => {
  if ((e.isComposing || e.keyCode === 229) && !(e.target as Element).closest?.('.codehost')) e.stopImmediatePropagation();
}, true);
