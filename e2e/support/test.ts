import { test as base, expect, type Page } from '@playwright/test';
import { Client } from './client.ts';
import { Flowdeck } from './flowdeck.ts';
import { World } from './world.ts';

interface Files { flowdeck: Flowdeck; client: Client; world: World }
interface Each { app: Page }

/** A test with a running Flowdeck and a world to call, shared by one worker, and a page that is signed in. */
export const test = base.extend<Each, Files>({
	flowdeck: [async ({ }, use) => {
		const f = await new Flowdeck().start();
		await use(f);
		await f.remove();
	}, { scope: 'worker' }],
	client: [async ({ flowdeck }, use) => use(await Client.setUp(flowdeck.url, flowdeck.setupURL)), { scope: 'worker' }],
	world: [async ({ }, use) => {
		const w = await new World().start();
		await use(w);
		await w.stop();
	}, { scope: 'worker' }],
	app: async ({ page, client }, use) => {
		const problems = watch(page);
		await client.lend(page.context());
		await use(page);
		expect(problems, 'errors in the browser console').toEqual([]);
	},
	// addresses in tests are paths of the server
	baseURL: async ({ flowdeck }, use) => use(flowdeck.url),
});

/** A test with a Flowdeck of its own, on which nobody has an account yet. */
export const apart = base.extend<{ own: Flowdeck }>({
	own: async ({ }, use) => {
		const f = await new Flowdeck().start();
		await use(f);
		await f.remove();
	},
});

export { expect };

/** Collects what goes wrong in a page: exceptions, and errors in the console other than refused requests. */
export function watch(page: Page): string[] {
	const problems: string[] = [];
	// A transition between two pages ends when motion is reduced meanwhile; Chromium calls that an error of the page.
	page.on('pageerror', e => { if (!/ViewTransition opt-in disabled/.test(String(e))) problems.push(String(e)); });
	page.on('console', m => { if (m.type() === 'error' && !/status of (4|5)\d\d|ERR_(INTERNET_DISCONNECTED|CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE|INCOMPLETE_CHUNKED_ENCODING)/.test(m.text())) problems.push(m.text()); });
	return problems;
}
