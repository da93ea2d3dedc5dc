import { Builder } from './support/builder.ts';
import { endpoint, flow, get, input } from './support/documents.ts';
import { expect, test } from './support/test.ts';

// What must survive when the server's answer lands in a page that somebody works in.
// Every upgrade of htmx has to pass this.

const doc = (name: string) => flow(name, endpoint(input('id')), [get('first', 'https://api/a'), get('second', 'https://api/b', { note: 'here' }), get('third', 'https://api/c')]);

/** Marks elements, so that it shows when one was replaced. */
const mark = (b: Builder) => b.page.evaluate(() => {
	for (const e of document.querySelectorAll('fd-canvas [data-step], fd-canvas .compose')) (e as HTMLElement & { mark?: string }).mark = 'same';
	(window as Window & { blurs?: number }).blurs = 0;
	document.addEventListener('focusout', () => { (window as Window & { blurs?: number }).blurs!++; });
});
const blurs = (b: Builder) => b.page.evaluate(() => (window as Window & { blurs?: number }).blurs);
const same = (b: Builder, selector: string) => b.page.locator(selector).evaluateAll(all => all.every(e => (e as HTMLElement & { mark?: string }).mark === 'same'));

/** Makes the server answer an edit while the page stays as it is. */
async function answer(b: Builder, change: () => Promise<void>): Promise<void> {
	const landed = b.page.waitForResponse(r => r.url().endsWith('/edit'));
	await change();
	await landed;
}

test('typing at the end and in the middle while answers land', async ({ app: page, client }) => {
	const b = await new Builder(page).open(await client.flow(doc('Typing')));
	await page.route('**/edit', async route => { await new Promise(r => setTimeout(r, 150)); await route.continue(); });
	const url = b.field('First', 'URL');
	await url.click();
	await page.keyboard.press('Control+End');
	await mark(b);
	await answer(b, () => page.keyboard.type('/end', { delay: 120 }));
	await page.keyboard.press('Control+Home');
	for (let i = 0; i < 'https://'.length; i++) await page.keyboard.press('ArrowRight');
	await answer(b, () => page.keyboard.type('ABCDEFGHIJ', { delay: 120 }));
	await answer(b, () => page.keyboard.type('KLM', { delay: 120 }));
	await b.holds('First', 'URL', 'https://ABCDEFGHIJKLMapi/a/end');
	await expect(url).toHaveText('https://ABCDEFGHIJKLMapi/a/end');
	await expect(url).toBeFocused();
	expect(await blurs(b)).toBe(0);
	expect(await same(b, '#card-first, #f-first-url .compose')).toBe(true);
});

test('typing in a plain field while answers land', async ({ app: page, client }) => {
	const b = await new Builder(page).open(await client.flow(doc('Plain')));
	const note = b.card('Second').getByRole('textbox', { name: /Note/ });
	await note.click();
	await page.keyboard.press('Control+Home');
	await answer(b, () => page.keyboard.type('well ', { delay: 120 }));
	await answer(b, () => page.keyboard.type('then ', { delay: 120 }));
	await expect(note).toHaveValue('well then here');
	await expect(note).toBeFocused();
});

test('what was opened stays open, what was chosen stays chosen', async ({ app: page, client }) => {
	const b = await new Builder(page).open(await client.flow(doc('Open')));
	const fold = b.card('First').locator('details.fold').first();
	await fold.locator('summary').click();
	await b.card('Third').locator('.chead').click();
	await b.menu('Second', /Collapse/);
	await b.card('Third').focus();
	await answer(b, async () => { await b.field('Third', 'URL').click(); await page.keyboard.type('x'); });
	await expect(fold).toHaveAttribute('open', '');
	await expect(b.card('Third')).toHaveAttribute('data-ui-selected', '');
	await expect(b.card('Second')).toHaveAttribute('data-ui-collapsed', '');
});

test('cards that change places are the same elements and keep the focus', async ({ app: page, client }) => {
	const b = await new Builder(page).open(await client.flow(doc('Places')));
	await b.card('First').focus();
	await mark(b);
	await answer(b, () => page.keyboard.press('Alt+ArrowRight'));
	await expect.poll(() => b.titles()).toEqual(['API Endpoint', 'Second', 'First', 'Third']);
	await expect(b.card('First')).toBeFocused();
	expect(await same(b, 'fd-canvas [data-step]')).toBe(true);
	await answer(b, () => page.keyboard.press('Alt+ArrowLeft'));
	await expect.poll(() => b.titles()).toEqual(['API Endpoint', 'First', 'Second', 'Third']);
	expect(await blurs(b)).toBe(0);
});

test('undo reaches the field that has the focus', async ({ app: page, client }) => {
	const b = await new Builder(page).open(await client.flow(doc('Undo')));
	await b.field('First', 'URL').click();
	await page.keyboard.press('Control+End');
	await page.keyboard.type('/more');
	await b.holds('First', 'URL', 'https://api/a/more');
	await expect(page.locator('#saved')).toContainText('Saved');
	await page.keyboard.press('Control+z');
	await b.holds('First', 'URL', 'https://api/a');
	await expect(b.field('First', 'URL')).toHaveText('https://api/a');
	await expect(b.field('First', 'URL')).toBeFocused();
});

test('a pop-up that is open stays while an answer lands', async ({ app: page, client }) => {
	const b = await new Builder(page).open(await client.flow(doc('Pop-up')));
	let go = () => { };
	await page.route('**/edit', async route => { await new Promise<void>(r => { go = r; }); await route.continue(); });
	await b.field('First', 'URL').click();
	await page.keyboard.press('Control+End');
	await page.keyboard.type('/x');
	const asked = page.waitForRequest('**/edit');
	await asked;
	await page.keyboard.press('Control+Space');
	const picker = page.getByRole('dialog', { name: 'Insert data' });
	await expect(picker).toBeVisible();
	const landed = page.waitForResponse('**/edit');
	go();
	await landed;
	await expect(page.locator('#saved')).toContainText('Saved');
	await expect(picker).toBeVisible();
	await page.unroute('**/edit');
	await page.keyboard.type('id');
	await page.keyboard.press('Enter');
	await b.holds('First', 'URL', 'https://api/a/x{{endpoint.id}}');
});
