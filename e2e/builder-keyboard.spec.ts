import type { Page } from '@playwright/test';
import { Builder, tabTo } from './support/builder.ts';
import { flow, get, manual } from './support/documents.ts';
import { expect, test } from './support/test.ts';

// Everything here goes through the keyboard: nothing is clicked and nothing is focused by the test.

/** The card that has the focus. */
const current = (page: Page) => page.evaluate(() => (document.activeElement as HTMLElement).dataset.name ?? '');

test('the focus goes on when a card is deleted or cut, however fast', async ({ app: page, client }) => {
	await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
	const b = await new Builder(page).open(await client.flow(flow('Goes on', manual(), ['first', 'second', 'third'].map(x => get(x, 'https://api/' + x)))));
	await page.route('**/edit', async route => { await new Promise(r => setTimeout(r, 150)); await route.continue(); });
	await b.field('First', 'URL').click();
	await page.keyboard.type('x'); // on its way while the card is deleted
	await page.keyboard.press('Escape');
	await page.keyboard.press('Delete');
	await expect(b.card('First')).toHaveCount(0);
	await expect(b.card('Second')).toBeFocused();
	await page.keyboard.press('Control+x');
	await expect(b.card('Second')).toHaveCount(0);
	await expect(b.card('Third')).toBeFocused();
});

test('Undo in the notice gives the focus back, and Escape closes one thing at a time', async ({ app: page, client }) => {
	const b = await new Builder(page).open(await client.flow(flow('Back', manual(), ['first', 'second', 'third'].map(x => get(x, 'https://api/' + x)))));
	await b.card('First').focus();
	await page.keyboard.press('Delete');
	await expect(b.card('Second')).toBeFocused();
	await b.toast.getByRole('button', { name: 'Undo' }).focus();
	await page.keyboard.press('Enter');
	await expect(b.card('First')).toBeVisible();
	await expect(b.card('Second')).toBeFocused();
	await page.keyboard.press('t');
	await expect(b.drawer).toBeVisible();
	await b.card('First').focus();
	await page.keyboard.press('Shift+ArrowRight');
	await expect(page.getByRole('toolbar', { name: 'Chosen cards' })).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(page.getByRole('toolbar', { name: 'Chosen cards' })).toHaveCount(0);
	await expect(b.drawer).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(b.drawer).toBeHidden();
});

test('what goes wrong in a dialog is read out in it', async ({ app: page, client }) => {
	const b = await new Builder(page).open(await client.flow(flow('Heard', manual(), [get('first', 'https://api/a')])));
	await page.getByRole('button', { name: 'Run', exact: true }).first().click();
	const dialog = page.getByRole('dialog', { name: 'Run' });
	await page.route('**/run*', r => r.fulfill({ status: 503 }));
	await dialog.getByRole('button', { name: 'Run' }).click();
	await expect(b.toast).toContainText('could not do that');
	await expect(dialog.getByRole('status').filter({ hasText: 'could not do that' })).toHaveCount(1);
});

test('Enter and Escape while a word is put together are not for the page', async ({ app: page, client }) => {
	const b = await new Builder(page).open(await client.flow(flow('Words', manual(), [get('first', 'https://api/a')])));
	const keys = await page.context().newCDPSession(page);
	const compose = (text: string) => keys.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
	const press = (key: string) => page.evaluate(key => { document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { key, code: key, isComposing: true, bubbles: true, cancelable: true })); }, key);
	await b.card('First').focus();
	await page.keyboard.press('F2');
	const name = b.card('First').getByRole('textbox', { name: 'Name' });
	await page.keyboard.press('Control+a');
	await compose('とうきょう');
	await press('Enter');
	await keys.send('Input.insertText', { text: '東京' });
	await expect(name).toBeFocused();
	await page.keyboard.type(' 2');
	await page.keyboard.press('Enter');
	await expect(b.card('東京 2')).toBeFocused();
	const picker = page.getByRole('dialog', { name: 'Add a card' });
	await page.keyboard.press('a');
	await expect(picker).toBeVisible();
	await compose('めも');
	await press('Enter');
	await press('Escape');
	await expect(picker).toBeVisible();
});

test('the same flow is built with the keyboard alone', async ({ app: page, flowdeck, client, world }) => {
	test.setTimeout(600_000);
	const b = new Builder(page), keys = page.keyboard;
	const add = async (name: string) => {
		await keys.press('a');
		await expect(page.getByRole('combobox', { name: 'Search cards' })).toBeFocused();
		await keys.type(name);
		await keys.press('Enter');
	};

	await test.step('new flow, started by a call', async () => {
		await page.goto('/flows');
		await tabTo(page, 'form[action="/flows"] button');
		await keys.press('Enter');
		await page.waitForURL(/\/flows\/f_/);
		await b.ready();
		await tabTo(page, '#starts .choice');
		while (!await page.evaluate(() => document.activeElement!.textContent!.includes('API Endpoint'))) await keys.press('Tab');
		await keys.press('Enter');
		await expect(b.card('API Endpoint')).toBeVisible();
	});

	await test.step('an input is declared', async () => {
		await tabTo(page, 'button[aria-label="Add an input that callers send"]');
		await keys.press('Enter');
		await expect(b.card('API Endpoint').getByRole('textbox', { name: 'Name' })).toBeFocused();
		await keys.type('customer_id');
		await keys.press('Enter');
		await expect(b.output('api_endpoint.customer_id')).toBeVisible();
		await keys.press('Escape');
		expect(await current(page)).toBe('API Endpoint');
	});

	await test.step('Get: A adds it, {{ maps', async () => {
		await add('get');
		await expect(b.field('Get', 'URL')).toBeFocused();
		await keys.type(world.url + '/customers/{{');
		await expect(page.getByRole('combobox', { name: /Search data/ })).toBeFocused();
		await keys.type('customer');
		await keys.press('Enter');
		await b.holds('Get', 'URL', world.url + '/customers/{{api_endpoint.customer_id}}');
		await keys.press('Escape');
		expect(await current(page)).toBe('Get');
		await keys.press('a');
		await expect(page.getByRole('combobox', { name: 'Search cards' })).toBeFocused();
		await keys.press('Escape');
		expect(await current(page), 'Escape leads back to the card').toBe('Get');
	});

	await test.step('an output is declared from the keyboard', async () => {
		await tabTo(page, '#card-get button[aria-label="Add an output of Get"]');
		await keys.press('Enter');
		await keys.type('body.status');
		await keys.press('Enter');
		await expect(b.output('get.body.status')).toBeVisible();
		await tabTo(page, '#card-get button', 'Shift+Tab');
		await keys.press('Escape');
		expect(await current(page)).toBe('Get');
	});

	await test.step('If / Else: an output is picked up and placed', async () => {
		await add('if');
		await expect(b.card('If / Else')).toBeVisible();
		await keys.press('Escape');
		await keys.press('ArrowLeft');
		expect(await current(page)).toBe('Get');
		await tabTo(page, '[data-out="get.body.status"]');
		await keys.press('Enter');
		await expect(page.locator('#carrybar')).toBeVisible();
		await tabTo(page, '[id="f-if-conditions-0-left"] .compose, #card-if_else .cond .compose, [data-step^="if"] .cond .compose');
		await keys.press('Enter');
		await b.holds('If / Else', 'Value', '{{get.body.status}}');
		await tabTo(page, '[aria-label="Compared with"]');
		await keys.type('active');
		await b.saved();
	});

	await test.step('Post in Then, Close in both lanes', async () => {
		await tabTo(page, '[aria-label="Add card to Then of If / Else"]');
		await keys.press('Enter');
		await keys.type('post');
		await keys.press('Enter');
		await expect(b.field('Post', 'URL')).toBeFocused();
		await keys.type(world.url + '/contacts');
		await tabTo(page, '[data-name="Post"] [data-field="body"] .compose');
		await keys.type('{"customer": ');
		await keys.press('Control+Space');
		await expect(page.getByRole('combobox', { name: /Search data/ })).toBeFocused();
		await keys.type('customer_id');
		await keys.press('Enter');
		await keys.type('}');
		await b.holds('Post', 'Body', '{"customer": {{api_endpoint.customer_id}}}');
		await keys.press('Escape');

		await add('close');
		await expect(b.card('Close')).toBeVisible();
		await tabTo(page, '[data-name="Close"] [data-field="body"] .compose');
		await keys.type('{"contact": {{');
		await keys.type('post body');
		await keys.press('Enter');
		await keys.type('}');
		await b.saved();
		await keys.press('Escape');
		await keys.press('F2');
		await keys.type('Created');
		await keys.press('Enter');
		await expect(b.card('Created')).toBeFocused();

		await tabTo(page, '[aria-label="Add card to Else of If / Else"]');
		await keys.press('Enter');
		await keys.type('close');
		await keys.press('Enter');
		await expect(b.card('Close')).toBeVisible();
		await tabTo(page, '[data-name="Close"] [data-field="status_code"] .compose');
		await keys.press('Control+a');
		await keys.type('409');
		await b.saved();
		await keys.press('Escape');
		await expect(page.getByText('No problems')).toBeVisible();
	});

	await test.step('a card is moved out of its lane and back, with undo', async () => {
		expect(await current(page)).toBe('Close');
		await keys.press('Alt+ArrowRight');
		await expect(b.card('Close').locator('xpath=ancestor::section[contains(@class, "lane")]')).toHaveCount(0);
		await expect(b.card('Close')).toBeFocused();
		await keys.press('Control+z');
		await expect(b.card('Close').locator('xpath=ancestor::section[contains(@class, "lane")]')).toHaveCount(1);
	});

	await test.step('T tries a card, Ctrl+Enter runs it', async () => {
		await tabTo(page, 'fd-canvas [data-step]');
		await keys.press('Home');
		await keys.press('ArrowRight');
		expect(await current(page)).toBe('Get');
		await keys.press('t');
		await expect(b.drawer.getByLabel(/customer_id/)).toBeFocused();
		await keys.type('C-1');
		await keys.press('Control+Enter');
		await expect(b.drawer.getByRole('status')).toContainText('200');
		await tabTo(page, '[role=tab][aria-selected=true]');
		await keys.press('ArrowRight');
		await expect(b.drawer.getByRole('tabpanel', { name: 'Output' })).toBeVisible();
		await keys.press('Escape');
		await expect(b.drawer).toBeHidden();
	});

	await test.step('published and called', async () => {
		await tabTo(page, '#publish', 'Shift+Tab');
		await keys.press('Enter');
		await expect(page.getByRole('dialog').getByLabel('What is new')).toBeFocused();
		await keys.press('Enter');
		await expect(b.toast).toContainText('Version 1 is live');
		const token = await client.token(b.flow);
		const { alias } = await client.exported(b.flow);
		const call = (customer_id: string) => fetch(`${flowdeck.url}/api/flows/${alias}/invoke`, { method: 'POST', headers: { 'Content-Type': 'application/json', 'x-api-client-token': token }, body: JSON.stringify({ customer_id }) });
		const active = await call('C-1');
		expect(active.status).toBe(200);
		expect(await active.json()).toEqual({ contact: { id: 'crm_1', got: { customer: 'C-1' } } });
		expect((await call('C-2')).status).toBe(409);
	});

	await test.step('Delete, and undo brings it back', async () => {
		await tabTo(page, 'fd-canvas [data-step]');
		await keys.press('End');
		expect(await current(page)).toBe('Close');
		await keys.press('Delete');
		await expect(b.card('Close')).toHaveCount(0);
		await expect(b.toast).toContainText('“Close” deleted');
		await keys.press('Control+z');
		await expect(b.card('Close')).toBeVisible();
	});
});
