import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** What a request to the world looked like. */
export interface Seen { method: string; path: string; headers: IncomingMessage['headers']; body: string }

/** The services that flows call: a customers API, a CRM, and ways to misbehave. */
export class World {
	readonly seen: Seen[] = [];
	/** What /whoami does not take any more, as sent: "Bearer …". */
	readonly revoked = new Set<string>();
	url = '';
	/** Those who wait at /gate until somebody calls open(). */
	private waiting: ServerResponse[] = [];
	private server?: Server;

	async start(): Promise<this> {
		this.server = createServer((req, res) => this.answer(req, res));
		await new Promise<void>(r => this.server!.listen(0, '127.0.0.1', r));
		const { port } = this.server.address() as { port: number };
		this.url = `http://127.0.0.1:${port}`;
		return this;
	}

	async stop(): Promise<void> {
		this.open();
		this.server?.closeAllConnections();
		await new Promise(r => this.server?.close(r));
	}

	/** Lets everything that waits at /gate go on. */
	open(): void {
		for (const res of [...this.waiting]) json(res, 200, { opened: true });
	}

	/** How many wait at /gate. */
	get held(): number { return this.waiting.length; }

	/** The requests to a path, in order. */
	calls(path: string): Seen[] { return this.seen.filter(s => s.path.split('?')[0] === path); }

	private async answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
		req.setEncoding('utf8'); // else a letter of two bytes may come in two halves
		let body = '';
		for await (const chunk of req) body += chunk;
		const path = req.url ?? '/';
		this.seen.push({ method: req.method ?? '', path, headers: req.headers, body });
		const url = new URL(path, this.url);
		const customer = url.pathname.match(/^\/customers\/([\w-]+)$/);
		if (customer) {
			if (url.searchParams.get('auth') === 'basic' && req.headers.authorization !== 'Basic ' + Buffer.from('maya:pä$$ word').toString('base64')) {
				res.setHeader('WWW-Authenticate', 'Basic realm="customers"');
				return json(res, 401, { error: 'unauthorized' });
			}
			if (customer[1] === 'C-404') return json(res, 404, { error: 'no such customer' });
			return json(res, 200, { id: customer[1], status: customer[1] === 'C-2' ? 'inactive' : 'active', name: 'Northwind Traders', email: 'ops@northwind.example', balance: { amount: 1840.5, currency: 'EUR' }, contacts: [{ name: 'Ana' }, { name: 'Ben' }] });
		}
		switch (url.pathname) {
			case '/contacts': return json(res, 201, { id: 'crm_1', got: body ? JSON.parse(body) : null });
			case '/echo': return json(res, 200, { method: req.method, headers: req.headers, query: Object.fromEntries(url.searchParams), body });
			case '/flaky': return this.seen.filter(s => s.path === path).length < 3 ? json(res, 503, { error: 'busy' }) : json(res, 200, { ok: true });
			case '/gate': this.waiting.push(res); res.on('close', () => { this.waiting = this.waiting.filter(w => w !== res); }); return;
			case '/large': return json(res, 200, large());
			case '/html': res.setHeader('Content-Type', 'application/json'); res.end('<html>'); return;
			case '/reset': req.socket.destroy(); return;
			case '/whoami': return json(res, req.headers.authorization?.startsWith('Bearer ') && !this.revoked.has(req.headers.authorization) ? 200 : 401, { authorization: req.headers.authorization ?? null });
			case '/key': return json(res, req.headers['x-api-key'] === 'k-123' ? 200 : 401, { key: req.headers['x-api-key'] ?? null });
		}
		json(res, 404, { error: 'not found' });
	}
}

/** About 10 MB: a list of customers. */
function large(): object[] {
	return Array.from({ length: 80_000 }, (_, id) => ({ id, name: `Customer ${id}`, email: `c${id}@northwind.example`, address: { city: 'Vienna', zip: '1010' }, tags: ['a', 'b'] }));
}

function json(res: ServerResponse, status: number, value: unknown): void {
	res.writeHead(status, { 'Content-Type': 'application/json' });
	res.end(JSON.stringify(value));
}
