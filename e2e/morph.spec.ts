import { Builder } from './support/builder.ts';
import { Client } from './support/client.ts';
import { endpoint, flow, get, giveBack, input, manual, post } from './support/documents.ts';
import { apart, expect, test, watch } from './support/test.ts';

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
const same = (b: Builder, selector: string) => b.page.locator(selector).evaluateAll(all => all.length > 0 && all.every(e => (e as HTMLElement & { mark?: string }).mark === 'same'));

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
	await b.menu('Second', /Note/); // shown as Markdown until it is written
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

test('a canvas that is drawn late takes back nothing that was typed meanwhile', async ({ app: page, client }) => {
	const b = await new Builder(page).open(await client.flow(flow('Late', manual(), [get('first', 'https://api/a')])));
	let go: (() => void) | null = null;
	await page.route('**/canvas?*', async route => {
		const answer = await route.fetch();
		await new Promise<void>(r => { go = r; });
		await route.fulfill({ response: answer });
	}, { times: 1 });
	await page.getByRole('button', { name: 'Run', exact: true }).first().click();
	await page.getByRole('dialog').getByRole('button', { name: 'Run' }).click();
	await expect.poll(() => go !== null, 'the run is over: the page draws what it has shown').toBe(true);
	await b.field('First', 'URL').click();
	await page.keyboard.press('Control+End');
	await page.keyboard.type('/typed');
	await b.holds('First', 'URL', 'https://api/a/typed');
	const drawn = page.waitForResponse('**/canvas?*');
	go!();
	await drawn;
	await page.keyboard.type('/more');
	await b.saved();
	await expect(b.field('First', 'URL')).toHaveText('https://api/a/typed/more');
	await b.holds('First', 'URL', 'https://api/a/typed/more');
	await expect(page.locator('#conflict')).toBeEmpty();
});

test('text that is dropped goes where it is dropped', async ({ app: page, client }) => {
	const b = await new Builder(page).open(await client.flow(doc('Dropped')));
	const first = b.field('First', 'URL'), second = b.field('Second', 'URL');
	await first.click();
	await page.keyboard.press('Control+End');
	await page.keyboard.type('/tail');
	await page.keyboard.press('Shift+Control+ArrowLeft');
	const marked = await page.evaluate(() => { const r = getSelection()!.getRangeAt(0).getBoundingClientRect(); return { x: r.x + r.width / 2, y: r.y + r.height / 2 }; });
	const to = (await second.boundingBox())!;
	await page.mouse.move(marked.x, marked.y);
	await page.mouse.down();
	await page.mouse.move(marked.x + 10, marked.y + 5, { steps: 4 });
	await page.mouse.move(to.x + 150, to.y + to.height / 2, { steps: 8 });
	await page.mouse.up();
	await b.saved();
	await expect(second).toContainText('tail');
	await expect(first).toHaveText('https://api/a/');
});

test('Ctrl+X where nothing is marked takes nothing', async ({ app: page, client }) => {
	const b = await new Builder(page).open(await client.flow(doc('Cut nothing')));
	await b.field('First', 'URL').click();
	await page.keyboard.press('Control+End');
	await page.keyboard.press('Control+x');
	await page.keyboard.type('/b');
	await b.saved();
	await b.holds('First', 'URL', 'https://api/a/b');
});

test('blank lines stay as they were pasted, and empty is empty', async ({ app: page, client }) => {
	await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
	const b = await new Builder(page).open(await client.flow(flow('Lines', manual(), [post('order', 'https://api/a', 'abc')])));
	const body = b.field('Order', 'Body');
	await body.click();
	await page.evaluate(() => navigator.clipboard.writeText('one\n\ntwo\r\n  three\n'));
	await page.keyboard.press('Control+a');
	await page.keyboard.press('Control+v');
	await b.saved();
	await expect(body.locator('xpath=..')).toHaveAttribute('value', /^one\n\ntwo\n {2}three\n?$/);
	await page.keyboard.press('Control+a');
	await page.keyboard.press('Delete');
	await b.saved();
	await b.holds('Order', 'Body', '');
});

test('Enter at the end of a field is one line break', async ({ app: page, client }) => {
	const b = await new Builder(page).open(await client.flow(flow('Enter', manual(), [post('order', 'https://api/a', 'abc')])));
	const body = b.field('Order', 'Body'), keys = page.keyboard;
	const holds = async (value: string) => { await b.saved(); await b.holds('Order', 'Body', value); };
	await body.click();
	await keys.press('Control+End');
	await keys.press('Enter');
	await holds('abc\n');
	await page.reload();
	await b.ready();
	await body.click();
	await keys.press('Control+End');
	await keys.type('d');
	await holds('abc\nd');
	await keys.press('Enter');
	await keys.press('Enter');
	await holds('abc\nd\n\n');
	await keys.press('Backspace');
	await holds('abc\nd\n');
	await keys.type('{{');
	await page.getByRole('dialog', { name: /data/i }).getByRole('combobox').press('Escape');
	await holds('abc\nd\n');
	await body.click();
	await keys.press('Control+End');
	await page.evaluate(() => document.querySelector<HTMLElement & { insert(src: string): void }>('#f-order-body')!.insert('now()'));
	await holds('abc\nd\n{{now()}}');
	await keys.press('Enter');
	await holds('abc\nd\n{{now()}}\n');
	await keys.press('Backspace');
	await keys.press('Backspace');
	await holds('abc\nd\n');
	await keys.press('Control+a');
	await keys.press('Delete');
	await holds('');
});

test('the large editor opens under the content policy, and gives its text back', async ({ app: page, client }) => {
	await page.addInitScript(() => { document.addEventListener('securitypolicyviolation', e => console.error(`policy: ${e.violatedDirective} ${e.blockedURI}`)); });
	const b = await new Builder(page).open(await client.flow(flow('Code', endpoint(input('id')), [post('order', 'https://api/a', '{"a": 1}')])));
	await b.card('Order').getByRole('button', { name: 'Edit Body as code' }).click();
	const dialog = page.getByRole('dialog', { name: 'Body as code' }), editor = dialog.getByRole('textbox', { name: 'Body as code' });
	await expect(editor).toHaveText('{"a": 1}');
	const look = await editor.evaluate(e => ({ colours: new Set([...e.querySelectorAll('span')].map(s => getComputedStyle(s).color)).size, font: getComputedStyle(e).fontFamily }));
	expect(look.font, 'its own styles are let in').toContain('Mono');
	expect(look.colours, 'names and numbers have colours of their own').toBeGreaterThan(1);
	await editor.click();
	await page.keyboard.press('Control+a');
	await page.keyboard.type('{"id": {{');
	await page.keyboard.press('Control+Space');
	await dialog.getByRole('option', { name: /endpoint\.id/ }).click();
	await page.keyboard.press('Control+End');
	await page.keyboard.press('Control+Enter');
	await expect(dialog).toBeHidden();
	await expect(b.field('Order', 'Body')).toBeFocused();
	await b.saved();
	await expect(b.field('Order', 'Body').locator('.pill')).toHaveCount(1);
	expect(JSON.stringify((await client.exported(b.flow)).document)).toContain('{{endpoint.id}}');
});

test('a stream that said it is done is not opened again', async ({ app: page, client }) => {
	const b = await new Builder(page).open(await client.flow(flow('Closes', manual(), [giveBack({ ok: 'yes' })])));
	const streams: string[] = [];
	page.on('request', r => { if (r.url().endsWith('/live')) streams.push(r.url()); });
	for (const runs of [1, 2]) {
		await page.getByRole('button', { name: 'Run', exact: true }).first().click();
		await page.getByRole('dialog').getByRole('button', { name: 'Run' }).click();
		await expect.poll(() => streams.length).toBe(runs);
		await expect(b.toast.getByRole('link', { name: 'Open the run' }), 'the notice of this run').toHaveAttribute('href', new RegExp(streams[runs - 1].match(/r_[\w-]+/)![0]));
		expect(streams, 'one stream for each run').toHaveLength(runs);
	}
});

apart('a page that lost its stream goes on where it was when the server is back', async ({ page, own: flowdeck }) => {
	const client = await Client.setUp(flowdeck.url, flowdeck.setupURL);
	await client.lend(page.context());
	const problems = watch(page);
	const id = await client.live(flow('Resumes', endpoint(), [giveBack({ ok: 'yes' })]));
	const call = () => fetch(`${flowdeck.url}/api/flows/resumes/invoke`).then(r => r.text());
	await page.goto(`${flowdeck.url}/flows/${id}/runs`);
	await expect(page.getByText('No runs yet')).toBeVisible();
	await page.evaluate(() => { (window as Window & { here?: string }).here = 'still'; });
	await call();
	await expect(page.locator('#runs-first a')).toHaveCount(1);
	await flowdeck.kill();
	await flowdeck.start();
	await call(); // perhaps before the page is back: then it has to be told later
	await expect(page.locator('#runs-first a'), 'what happened in between is shown too').toHaveCount(2, { timeout: 40_000 });
	expect(await page.evaluate(() => (window as Window & { here?: string }).here), 'without loading the page again').toBe('still');
	expect(problems.filter(p => !/sse:error: (network error|Failed to fetch)/.test(p))).toEqual([]);
});
