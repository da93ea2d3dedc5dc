// "Try it" on the page of an endpoint: sends what the form says, shows what came back.

/** <fd-try data-url data-level>: a form whose fields say in data-from where they go. */
class FdTry extends HTMLElement {
  connectedCallback() {
    if (this.dataset.uiReady) return;
    this.dataset.uiReady = '1';
    this.querySelector<HTMLElement>('form')!.addEventListener('submit', e => { e.preventDefault(); void this.#send(e.target as HTMLFormElement); });
  }

  async #send(form: HTMLFormElement) {
    const out = this.querySelector<HTMLElement>('[data-answer]')!, method = form.querySelector<HTMLSelectElement>('[name=method]')?.value ?? 'POST', url = new URL(this.dataset.url!, location.href);
    const headers = new Headers(), body: Record<string, unknown> = {};
    const secret = form.querySelector<HTMLInputElement>('[name=secret]')?.value.trim();
    if (secret && this.dataset.level === 'oauth') headers.set('Authorization', 'Bearer ' + secret);
    else if (secret) headers.set('x-api-client-token', secret);
    for (const f of form.querySelectorAll<HTMLInputElement>('[data-from]')) {
      if (f.value === '') continue;
      if (f.dataset.from === 'query') url.searchParams.set(f.name, f.value);
      else if (f.dataset.from === 'header') headers.set(f.dataset.header!, f.value);
      else body[f.name] = value(f);
    }
    const init: RequestInit = { method, headers, credentials: 'omit', redirect: 'manual' };
    if (method !== 'GET' && method !== 'HEAD') { headers.set('Content-Type', 'application/json'); init.body = JSON.stringify(body); }
    const began = performance.now();
    try {
      const res = await fetch(url, init), text = await res.text();
      const head = `${res.status} ${res.statusText} in ${Math.round(performance.now() - began)} ms`;
      const lines = [...res.headers].map(([k, v]) => `${k}: ${v}`).join('\n');
      out.replaceChildren(part('p', 'sm', head), part('pre', 'mono sm', lines), part('pre', 'mono sm', pretty(text)));
    } catch {
      out.replaceChildren(part('p', 'msg', 'The request did not get through. Is the server there?'));
    }
    out.hidden = false;
    out.focus();
  }
}

/** What was typed, as its type has it; as text when it cannot be that, for the server to say so. */
function value(f: HTMLInputElement): unknown {
  if (f.dataset.type === 'text' || f.dataset.type === 'date') return f.value;
  try { return JSON.parse(f.value); } catch { return f.value; }
}

function part(tag: string, classes: string, text: string) {
  const e = document.createElement(tag);
  e.className = classes;
  e.textContent = text;
  return e;
}

function pretty(text: string) {
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
}

if (!customElements.get('fd-try')) customElements.define('fd-try', FdTry);

export {};
