import AxeBuilder from '@axe-core/playwright';
import { test as base, expect, type Page } from '@playwright/test';
import { Flowdeck } from './flowdeck.ts';
import { World } from './world.ts';

/** The account that every test signs in with. */
export const owner = { name: 'Maya Okafor', email: 'maya@acme.example', password: 'correct horse battery staple' };

interface Files { flowdeck: Flowdeck; world: World }
interface Each { app: Page }

/** A test with a running Flowdeck and a world to call, shared by one worker, and a page that is signed in. */
export const test = base.extend<Each, Files>({
	flowdeck: [async ({ browser }, use) => {
		const f = await new Flowdeck().start();
		const page = await browser.newPage();
		await setUp(page, f);
		await page.close();
		await use(f);
		await f.remove();
	}, { scope: 'worker' }],
	world: [async ({ }, use) => {
		const w = await new World().start();
		await use(w);
		await w.stop();
	}, { scope: 'worker' }],
	app: async ({ page, flowdeck }, use) => {
		const problems: string[] = [];
		page.on('pageerror', e => problems.push(String(e)));
		page.on('console', m => { if (m.type() === 'error' && !/status of (4|5)\d\d/.test(m.text())) problems.push(m.text()); });
		await signIn(page, flowdeck.url);
		await use(page);
		expect(problems, 'errors in the browser console').toEqual([]);
	},
});

export { expect };

/** Makes the owner's account at the one-time address. */
export async function setUp(page: Page, f: Flowdeck): Promise<void> {
	await page.goto(f.setupURL);
	await page.getByLabel('Name').fill(owner.name);
	await page.getByLabel('Email').fill(owner.email);
	await page.getByLabel('Password', { exact: true }).fill(owner.password);
	const again = page.getByLabel(/again|repeat|confirm/i);
	if (await again.count()) await again.fill(owner.password);
	await page.getByRole('button').last().click();
	await page.waitForURL('**/flows');
}

/** Signs the owner in. */
export async function signIn(page: Page, url: string): Promise<void> {
	await page.goto(url + '/login');
	await page.getByLabel('Email').fill(owner.email);
	await page.getByLabel('Password').fill(owner.password);
	await page.getByRole('button', { name: 'Sign in' }).click();
	await page.waitForURL('**/flows');
}

/** Checks the page as it stands against WCAG 2.2 A and AA and best practice. */
export async function accessible(page: Page, what: string): Promise<void> {
	const found = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
	const told = found.violations.map(v => `${v.id}: ${v.help}\n  ${v.nodes.map(n => n.html.slice(0, 160)).join('\n  ')}`);
	expect(told, what).toEqual([]);
}

/** Every look a page has: two themes, two widths. */
export const looks = [
	{ theme: 'light', width: 1440, height: 900 }, { theme: 'dark', width: 1440, height: 900 },
	{ theme: 'light', width: 390, height: 844 }, { theme: 'dark', width: 390, height: 844 },
] as const;

/** Gives the page one of its looks. */
export async function look(page: Page, l: typeof looks[number]): Promise<void> {
	await page.setViewportSize({ width: l.width, height: l.height });
	await page.evaluate(t => { localStorage.setItem('fd-theme', t); document.documentElement.dataset.theme = t; }, l.theme);
}
