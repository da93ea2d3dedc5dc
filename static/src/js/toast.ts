// Notices that pass by, and what the server wants said: events fd:toast and fd:say.
import { $, byId, el, on, say } from './dom';

export interface Notice { text: string; kind?: string; undo?: string; href?: string; label?: string; act?: () => void }

export function toast(n: Notice) {
  const host = byId('toasts');
  if (!host) return;
  const box = el('div', n.kind === 'err' ? 'toast err' : 'toast', el('span', '', n.text));
  let from: HTMLElement | null = null; // where the focus was before it came here
  box.addEventListener('focusin', e => { if (!box.contains(e.relatedTarget as Node | null)) from = e.relatedTarget as HTMLElement | null; });
  const button = (label: string, act: () => void) => {
    const b = el('button', '', label);
    b.type = 'button';
    b.addEventListener('click', () => { const at = box.contains(document.activeElement) ? from : null; box.remove(); if (at?.isConnected) at.focus({ preventScroll: true }); act(); });
    box.append(b);
  };
  if (n.act) button(n.label ?? 'Undo', n.act);
  else if (n.undo) button(n.label ?? 'Undo', () => document.dispatchEvent(new CustomEvent('fd:undo', { detail: { url: n.undo } })));
  else if (n.href) {
    const a = el('a', '', n.label ?? 'Open');
    a.href = n.href;
    box.append(a);
  }
  host.replaceChildren(box);
  if ($('dialog:modal')) say(n.text); // the notice itself is behind it
  const wait = n.kind === 'err' || n.act || n.undo ? 10000 : 6000;
  let timer = setTimeout(() => box.remove(), wait);
  const hold = () => clearTimeout(timer), go = () => { timer = setTimeout(() => box.remove(), 4000); };
  box.addEventListener('pointerenter', hold); box.addEventListener('focusin', hold);
  box.addEventListener('pointerleave', go); box.addEventListener('focusout', go);
}

on<Notice>('fd:toast', toast);
on('fd:say', d => say(d.text));
