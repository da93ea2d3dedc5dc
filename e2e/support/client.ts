import type { BrowserContext } from '@playwright/test';

/** The account that every test signs in with. */
export const owner = { name: 'Maya Okafor', email: 'maya@acme.example', password: 'correct horse battery staple' };

/** What a flow file holds. */
export interface FlowFile { name: string; alias?: string; labels?: string[]; settings?: object; document: object }

/** Calls a flow's endpoint as its callers do. */
export const invoke = (url: string, alias: string, body: object = {}) =>
	fetch(`${url}/api/flows/${alias}/invoke`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });

/**
 * A signed-in caller of the pages' own addresses, for what a test needs but is not about.
 * Everything it does, some other test does by hand in the browser.
 */
export class Client {
	private constructor(readonly url: string, private readonly cookie: { name: string; value: string }) { }

	/** Makes the owner's account at the one-time address. */
	static setUp(url: string, setupURL: string): Promise<Client> {
		return Client.enter(url, setupURL, { name: owner.name, email: owner.email, password: owner.password, again: owner.password });
	}

	/** Signs the owner in. */
	static signIn(url: string): Promise<Client> {
		return Client.enter(url, url + '/login', { email: owner.email, password: owner.password });
	}

	private static async enter(url: string, at: string, form: Record<string, string>): Promise<Client> {
		const res = await fetch(at, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });
		const [, name, value] = (res.headers.get('set-cookie') ?? '').match(/^([^=]+)=([^;]+)/) ?? [];
		if (!value) throw new Error(`no session from ${at}: ${res.status} ${await res.text()}`);
		return new Client(url, { name, value });
	}

	/** Gives a browser the same session. */
	async lend(context: BrowserContext): Promise<void> {
		await context.addCookies([{ ...this.cookie, url: this.url }]);
	}

	/** Asks for a page. */
	get(path: string): Promise<Response> {
		return fetch(this.url + path, { headers: this.headers() });
	}

	/** Sends a form as pages do. Lists are sent as several values. */
	post(path: string, form: Record<string, string | string[]> = {}): Promise<Response> {
		const body = new URLSearchParams();
		for (const [name, value] of Object.entries(form)) for (const v of [value].flat()) body.append(name, v);
		return fetch(this.url + path, { method: 'POST', headers: { ...this.headers(), 'HX-Request': 'true' }, body, redirect: 'manual' });
	}

	/** Makes a flow from a file and returns its id. */
	async flow(file: FlowFile): Promise<string> {
		const res = await this.post('/flows/import', { text: JSON.stringify({ flowdeck: 1, ...file }) });
		const id = (res.headers.get('HX-Redirect') ?? res.headers.get('HX-Location') ?? '').match(/\/flows\/([\w-]+)/)?.[1];
		if (!id) throw new Error(`flow not made: ${res.status} ${await res.text()}`);
		return id;
	}

	/** Publishes a flow's draft. */
	async publish(id: string): Promise<void> {
		const page = await (await this.get('/flows/' + id)).text();
		const rev = page.match(/id="flow-rev"[^>]*value="(\d+)"/)![1];
		const res = await this.post(`/flows/${id}/publish`, { rev });
		if (res.status !== 200) throw new Error(`flow not published: ${res.status} ${res.headers.get('HX-Trigger')}`);
	}

	/** Makes a flow, publishes it, and returns its id. */
	async live(file: FlowFile): Promise<string> {
		const id = await this.flow(file);
		await this.publish(id);
		return id;
	}

	/** Makes the client token of a flow's endpoint; those before work for as long as overlap says. */
	async token(id: string, overlap = '24h'): Promise<string> {
		const text = await (await this.post(`/flows/${id}/endpoint/token`, { overlap })).text();
		return text.match(/fdt_[A-Z0-9]+/)![0];
	}

	/** What “Export” gives. */
	async exported(id: string): Promise<FlowFile & { flowdeck: number }> {
		return await (await this.get(`/flows/${id}/export`)).json() as FlowFile & { flowdeck: number };
	}

	private headers() { return { Cookie: `${this.cookie.name}=${this.cookie.value}` }; }
}
