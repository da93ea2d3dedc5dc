import { readFileSync } from 'node:fs';
import { Builder } from './support/builder.ts';
import { close, endpoint, flow, get, giveBack, input, manual } from './support/documents.ts';
import { overflowing } from './support/looks.ts';
import { expect, test } from './support/test.ts';

const full = (name: string) => flow(name, endpoint(input('id', 'text', true)), [
	get('customer', 'https://api.example.com/customers/{{endpoint.id}}', { note: 'Reads the customer', outputs: [{ path: 'body.name', type: 'text' }], policy: { timeout: '5s', retry: [{ match: ['http_5xx'], attempts: 3, interval: '1s', backoff: 2 }] } }),
	{ id: 'check', card: 'control.if', inputs: { match: 'any', conditions: [{ left: '{{customer.body.status}}', operator: 'equals', right: 'active' }, { left: '{{endpoint.id}}', operator: 'is_empty' }] },
		blocks: { then: { chain: [close('yes', 200, '{"name": {{customer.body.name}}}')], result: { name: '{{customer.body.name}}' } }, else: { chain: [close('no', 409, '{}')], result: { name: '' } } } },
], { security: 'public', methods: ['POST'], response_timeout: '10s' });

test('a flow is made, renamed, labelled, duplicated and deleted', async ({ app: page }) => {
	await page.goto('/flows');
	await page.getByRole('button', { name: 'New flow' }).click();
	const b = new Builder(page);
	await b.ready();
	await expect(page.locator('#starts button').first(), 'the first question has the focus').toBeFocused();
	await page.getByRole('button', { name: 'Rename this flow' }).click();
	await page.getByRole('textbox', { name: 'Name' }).fill('Nightly sync');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('button', { name: 'Rename this flow' }), 'the focus is where it was').toBeFocused();
	await b.saved();
	await expect(page.getByRole('heading', { name: 'Nightly sync' })).toBeVisible();

	await page.goto('/flows');
	const row = page.getByRole('row', { name: /Nightly sync/ });
	const more = async (item: RegExp) => {
		await row.first().getByRole('button', { name: /^More for/ }).click();
		await page.getByRole('menuitem', { name: item }).click();
	};
	await more(/Name and labels/);
	const dialog = page.getByRole('dialog', { name: 'Name and labels' });
	await dialog.getByLabel('Name', { exact: true }).fill('');
	await dialog.getByRole('button', { name: 'Save' }).click();
	await expect(dialog.getByLabel('Name', { exact: true })).toBeFocused();
	await dialog.getByLabel('Name', { exact: true }).fill('Nightly sync of customers');
	await dialog.getByLabel('Labels').fill('crm, nightly,  crm');
	await dialog.getByRole('button', { name: 'Save' }).click();
	await expect(row).toContainText('Nightly sync of customers');
	await expect(row).toContainText('crm');

	await page.getByRole('button', { name: 'All labels' }).click();
	await page.getByRole('menuitem', { name: 'crm' }).click();
	await expect(page).toHaveURL(/label=crm/);
	await expect(row).toBeVisible();

	await page.goto('/flows');
	await more(/Duplicate/);
	await expect(row).toHaveCount(2);
	await expect(row.filter({ hasText: 'copy' })).toHaveCount(1);

	await page.getByRole('button', { name: 'More for Nightly sync of customers copy' }).click();
	await page.getByRole('menuitem', { name: 'Delete' }).click();
	const ask = page.getByRole('dialog').or(page.getByRole('alertdialog'));
	await ask.getByRole('button', { name: 'Cancel' }).click();
	await expect(row).toHaveCount(2);
	await page.getByRole('button', { name: 'More for Nightly sync of customers copy' }).click();
	await page.getByRole('menuitem', { name: 'Delete' }).click();
	await ask.getByRole('button', { name: 'Delete' }).click();
	await expect(row).toHaveCount(1);
	await expect(page.locator('tbody button[aria-label^="More for"]:focus'), 'the focus goes to the row that is there now').toHaveCount(1);
});

test('the list is searched and filtered', async ({ app: page, client }) => {
	await client.live(flow('Zebra invoices', endpoint(), [giveBack({ a: 1 })]));
	await client.flow(flow('Zebra drafts', manual(), []));
	await page.goto('/flows');
	await page.getByRole('searchbox').fill('zebra');
	const rows = page.getByRole('table', { name: 'Flows' }).getByRole('row').filter({ hasText: 'Zebra' });
	await expect(page.getByRole('table', { name: 'Flows' }).locator('tbody tr')).toHaveCount(2);
	await expect(rows).toHaveCount(2);
	await page.getByRole('searchbox').fill('zebra inv');
	await expect(page.getByRole('table', { name: 'Flows' }).locator('tbody tr')).toHaveCount(1);
	await page.getByRole('searchbox').fill('no flow is called that');
	await expect(page.getByText('No flow fits')).toBeVisible();
});

test('a flow is switched off and on', async ({ app: page, client, flowdeck }) => {
	await client.live(flow('Switched', endpoint(), [giveBack({ ok: true })]));
	const call = async () => (await fetch(flowdeck.url + '/api/flows/switched/invoke')).status;
	expect(await call()).toBe(200);
	await page.goto('/flows');
	const row = page.getByRole('row', { name: /Switched/ });
	await row.getByRole('button', { name: /^More for/ }).click();
	await row.getByRole('menuitem', { name: 'Turn off' }).click();
	await expect(page.locator('.toast')).toContainText('is paused');
	expect(await call()).toBe(404);
	await row.getByRole('button', { name: /^More for/ }).click();
	await row.getByRole('menuitem', { name: 'Turn on' }).click();
	await expect(page.locator('.toast')).toContainText('is live');
	expect(await call()).toBe(200);
});

test('what is exported is imported again, equal', async ({ app: page, client }) => {
	const id = await client.flow(full('Round trip'));
	const before = await client.exported(id);
	await page.goto('/flows');
	await page.getByRole('row', { name: /Round trip/ }).getByRole('button', { name: /^More for/ }).click();
	const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Export' }).click()]);
	expect(download.suggestedFilename()).toBe('round-trip.flow.json');
	const file = await download.path();
	expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(before);

	await page.getByRole('button', { name: 'Import', exact: true }).click();
	await page.getByRole('dialog', { name: 'Import flows' }).getByLabel('File').setInputFiles({ name: 'round-trip.flow.json', mimeType: 'application/json', buffer: readFileSync(file) });
	await page.getByRole('dialog', { name: 'Import flows' }).getByRole('button', { name: 'Import' }).click();
	await page.getByRole('dialog', { name: 'Import flows' }).getByRole('button', { name: 'Import as copies' }).click();
	await page.waitForURL(/\/flows\/f_/);
	const b = new Builder(page);
	await b.ready();
	expect(b.flow).not.toBe(id);
	const after = await client.exported(b.flow);
	expect({ ...after, alias: '', id: '' }, 'all but the id and the alias, which are taken').toEqual({ ...before, alias: '', id: '' });
	expect(await b.titles()).toEqual(['API Endpoint', 'Customer', 'If / Else', 'Yes', 'No']);
});

test('a file that is no flow is refused with the reason and the place', async ({ app: page }) => {
	await page.goto('/flows');
	await page.getByRole('button', { name: 'Import', exact: true }).click();
	const dialog = page.getByRole('dialog', { name: 'Import flows' });
	const refused = async (text: string, why: RegExp) => {
		await dialog.getByLabel('Or paste it').fill(text);
		await dialog.getByRole('button', { name: 'Import' }).click();
		await expect(dialog.getByRole('alert')).toContainText(why);
		await expect(dialog.getByLabel('Or paste it')).toHaveValue(text);
	};
	await refused('{\n  "flowdeck": 1,\n  "document": {,}\n}', /Line 3, column \d+: is not JSON/);
	await refused('{"hello": "world"}', /JSON, but not a file of Flowdeck/);
	await refused(JSON.stringify({ flowdeck: 99, name: 'x', document: { format: 1 } }), /format 99/);
	await refused(JSON.stringify({ flowdeck: 1, name: 'x', document: { format: 1, trigger: { id: 't', card: 'event.manual' }, chain: [{ id: 'a', card: 'no.such.card' }] } }), /does not have.*no\.such\.card/);
	await refused(JSON.stringify({ flowdeck: 1, name: 'x', document: { format: 1, trigger: { id: 't', card: 'event.manual' }, chain: [{ id: 'a', card: 'http.get' }, { id: 'a', card: 'http.get' }] } }), /is the id of another step too/);
	await dialog.getByLabel('Or paste it').fill('');
	await dialog.getByRole('button', { name: 'Import' }).click();
	await expect(dialog.getByRole('alert')).toContainText('Choose a file');
});

test('a template with a long description has its button in sight', async ({ app: page }) => {
	await page.goto('/templates');
	await page.getByRole('button', { name: 'Use Onboard an employee, with approval' }).click();
	await new Builder(page).ready();
	await expect(page.getByRole('heading', { name: 'Onboard an employee' })).toBeVisible();
});

test('names without a space stay inside of what shows them', async ({ app: page, client }) => {
	const long = 'W'.repeat(120), name = 'p'.repeat(60);
	const id = await client.flow(flow(long, endpoint(input(name)), [{ id: 'check', card: 'control.if', title: long, inputs: { conditions: [{ left: `{{endpoint.${name}}}`, operator: 'equals', right: 'x' }] }, blocks: { then: { chain: [get('first', `https://a.example/{{endpoint.${name}}}`)] }, else: { chain: [] } } }]));
	await client.post('/variables', { fresh: '1', name: 'long_' + name.slice(0, 50), value: long + long, type: 'text' });
	const b = await new Builder(page).open(id);
	expect((await b.card(long).boundingBox())!.width, 'a block is as wide as its lanes').toBeLessThan(420);
	for (const width of [1440, 390]) {
		await page.setViewportSize({ width, height: 844 });
		await b.open(id);
		await page.getByRole('button', { name: 'Run', exact: true }).filter({ visible: true }).first().click();
		await expect(page.getByRole('dialog').getByRole('textbox', { name })).toBeVisible();
		expect(await page.locator('dialog[open]').evaluate(d => d.scrollWidth - d.clientWidth), `the dialog at ${width}`).toBeLessThanOrEqual(0);
		expect(await overflowing(page), `the builder at ${width}`).toEqual([]);
		await page.goto('/variables');
		expect(await overflowing(page), `variables at ${width}`).toEqual([]);
		expect((await page.getByText('vars.long_').boundingBox())!.width, 'room for the name').toBeGreaterThan(100);
	}
});
