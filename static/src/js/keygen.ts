// Key pairs for client apps, made here. The private key is exported once, into files
// that the person keeps; only the public key is sent.

type Usages = KeyUsage[];
const rsa = (name: string): RsaHashedKeyGenParams => ({ name, hash: 'SHA-256', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) });
const kinds: Record<string, EcKeyGenParams | RsaHashedKeyGenParams> = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256' }, ES384: { name: 'ECDSA', namedCurve: 'P-384' }, ES512: { name: 'ECDSA', namedCurve: 'P-521' },
  RS256: rsa('RSASSA-PKCS1-v1_5'), PS256: rsa('RSA-PSS'),
};

const pem = (der: ArrayBuffer) => {
  const text = btoa(String.fromCharCode(...new Uint8Array(der)));
  return `-----BEGIN PRIVATE KEY-----\n${text.replace(/.{64}/g, '$&\n').trimEnd()}\n-----END PRIVATE KEY-----\n`;
};

/** <fd-keygen data-app data-post>: makes a pair, registers the public key, offers the private one. */
class FdKeygen extends HTMLElement {
  #files: string[] = [];

  connectedCallback() {
    if (this.dataset.uiReady) return;
    this.dataset.uiReady = '1';
    this.querySelector<HTMLElement>('[data-generate]')!.addEventListener('click', e => void this.#generate(e.currentTarget as HTMLButtonElement));
  }

  disconnectedCallback() {
    this.#files.forEach(f => URL.revokeObjectURL(f));
  }

  async #generate(button: HTMLButtonElement) {
    button.disabled = true;
    try {
      if (!globalThis.crypto?.subtle) throw new Error('This browser makes keys on pages of https:// or localhost only. Open Flowdeck there, or paste the public key of a pair that you made yourself.');
      const alg = this.querySelector<HTMLSelectElement>('select')!.value, usages: Usages = ['sign', 'verify'];
      const pair = await crypto.subtle.generateKey(kinds[alg]!, true, usages) as CryptoKeyPair;
      const kid = 'key-' + crypto.randomUUID().slice(0, 13);
      const open = { ...clean(await crypto.subtle.exportKey('jwk', pair.publicKey)), kid, alg, use: 'sig' };
      const own = { ...clean(await crypto.subtle.exportKey('jwk', pair.privateKey)), kid, alg, use: 'sig' };
      const res = await fetch(this.dataset.post!, { method: 'POST', body: new URLSearchParams({ key: JSON.stringify(open), generated: 'true' }) });
      if (res.status === 401) {
        document.dispatchEvent(new CustomEvent('fd:sign-in'));
        throw new Error('You were signed out, so no key was taken. Sign in, then press Generate again.');
      }
      if (!res.ok) throw new Error(res.status === 422 ? 'The key was not taken. Has the app too many of them?' : `The key was not taken (${res.status}). Try again.`);
      document.dispatchEvent(new CustomEvent('fd:app')); // the page behind the dialog lists it
      this.#offer('jwk', kid + '.jwk.json', 'application/json', JSON.stringify(own, null, 2) + '\n');
      this.#offer('pem', kid + '.pem', 'application/x-pem-file', pem(await crypto.subtle.exportKey('pkcs8', pair.privateKey)));
      this.querySelector<HTMLElement>('[data-kid]')!.textContent = kid;
      this.querySelector<HTMLElement>('[data-step=choose]')!.hidden = true;
      this.querySelector<HTMLElement>('[data-step=keep]')!.hidden = false;
      for (const b of [...this.querySelectorAll<HTMLElement>('[data-generate], [data-cancel]')]) b.hidden = true;
      this.querySelector<HTMLElement>('[data-done]')!.hidden = false;
      this.querySelector<HTMLElement>('[data-download=jwk]')!.focus();
    } catch (err) {
      const problem = this.querySelector<HTMLElement>('[data-problem]')!;
      problem.textContent = (err as Error).message;
      problem.hidden = false;
      button.disabled = false;
    }
  }

  #offer(what: string, name: string, type: string, text: string) {
    const a = this.querySelector<HTMLAnchorElement>(`[data-download=${what}]`)!;
    a.href = URL.createObjectURL(new Blob([text], { type }));
    a.download = name;
    this.#files.push(a.href);
  }
}

/** A JWK without what only browsers say in it. */
function clean(jwk: JsonWebKey) {
  const { key_ops, ext, ...rest } = jwk;
  return rest;
}

if (!customElements.get('fd-keygen')) customElements.define('fd-keygen', FdKeygen);

export {};
