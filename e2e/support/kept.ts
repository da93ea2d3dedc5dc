import { expect, type Page } from '@playwright/test';
import { Builder } from './builder.ts';
import type { Client } from './client.ts';
import { endpoint, flow, get, giveBack, input } from './documents.ts';
import type { Scene } from './scenes.ts';
import type { World } from './world.ts';

/** What scenes of tables, variables, versions and the lesser tools of the builder show, made once. */
export interface Kept { table: string; flow: string }

/** Makes a table with rows, variables, and a flow of two versions with a pin, an expression and a branch. */
export async function kept(client: Client, world: World): Promise<Kept> {
	const made = await client.post('/tables', { name: 'Customers of the north', description: 'Who orders from the back office, and since when' });
	const table = ((made.headers.get('HX-Redirect') ?? made.headers.get('HX-Location') ?? made.headers.get('location') ?? '').match(/\/tables\/([\w-]+)/) ?? [])[1];
	if (!table) throw new Error(`no table made: ${made.status} ${await made.text()}`);
	const columns = (await (await client.get(`/tables/${table}/columns`)).text());
	const revision = columns.match(/name="revision"[^>]*value="(\d+)"/)?.[1] ?? columns.match(/value="(\d+)"[^>]*name="revision"/)![1];
	const form: Record<string, string> = { revision };
	['Name text', 'Email text', 'Orders number', 'Active boolean', 'Since date'].forEach((c, i) => { const [name, type] = c.split(' '); Object.assign(form, { [`columns.${i}.key`]: i ? '' : 'name', [`columns.${i}.name`]: name, [`columns.${i}.type`]: type }); });
	const said = await client.post(`/tables/${table}/columns`, form);
	if (said.status >= 300) throw new Error(`no columns: ${said.status} ${await said.text()}`);
	for (let i = 1; i <= 12; i++) await client.post(`/tables/${table}/rows`, { 'c.name': `Northwind Traders No. ${i}`, 'c.email': `ops${i}@northwind.example`, 'c.orders': String(i * 17), 'c.active': i % 3 ? 'true' : 'false', 'c.since': `2025-0${1 + i % 9}-12` });
	await client.post('/variables', { fresh: '1', name: 'crm_url', value: 'https://crm.example.com/api/v2', type: 'text', description: 'Where the CRM is' });
	await client.post('/variables', { fresh: '1', name: 'crm_url', env: 'staging', value: 'https://staging.crm.example.com/api/v2', type: 'text' });
	await client.post('/variables', { fresh: '1', name: 'crm_key', value: 'a secret of the screens', secret: 'true', type: 'text', description: 'Key of the back office' });
	const chain = (text: string) => [
		get('customer', world.url + '/customers/{{endpoint.id}}', { note: '**Reads** the customer:\n\n- from the back office\n- by its *id*' }),
		{ id: 'check', card: 'control.if', title: 'Is it active?', inputs: { conditions: [{ left: '{{customer.body.status}}', operator: 'equals', right: 'active' }] },
			blocks: { then: { chain: [{ id: 'greeting', card: 'text.compose', title: 'Greeting', inputs: { text } }] }, else: { chain: [] } } },
		giveBack({ ok: 'yes' })];
	const id = await client.live(flow('Greets customers', endpoint(input('id')), chain('Dear {{customer.body.name}}')));
	await fetch(`${client.url}/api/flows/greets-customers/invoke`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"id": "C-1"}' }).then(r => r.text());
	const rev = async () => (await (await client.get('/flows/' + id)).text()).match(/id="flow-rev"[^>]*value="(\d+)"/)![1];
	await client.post(`/flows/${id}/edit`, { op: 'set', step: 'greeting', field: 'text', value: 'Good morning, {{ text.upper_case(customer.body.name) }}', rev: await rev() });
	await client.publish(id);
	await client.post(`/flows/${id}/edit`, { op: 'note', step: 'greeting', value: 'Said at the door', rev: await rev() });
	await client.post(`/flows/${id}/steps/customer/pin`, { output: '{"status_code": 200, "body": {"name": "Pinned Traders", "status": "active"}}' });
	return { table, flow: id };
}

/** Tables, variables, templates, tokens, versions, and the builder's find bar, outline, pins, expressions and keys. */
export function keptScenes(s: Kept): Scene[] {
	const at = (name: string, path: string): Scene => ({ name, show: async page => { await page.goto(path); } });
	const dialog = (name: string, path: string, button: string | RegExp): Scene => ({ name, show: async page => {
		await page.goto(path);
		await page.getByRole('button', { name: button }).or(page.getByRole('link', { name: button })).first().click();
		await page.getByRole('dialog').waitFor();
	} });
	const builder = (name: string, act: (b: Builder, page: Page) => Promise<void>): Scene => ({ name, show: async page => { await act(await new Builder(page).open(s.flow), page); } });
	const unfold = async (b: Builder, card: string) => { const t = b.card(card).locator('.tog').first(); if (await t.isVisible() && await t.getAttribute('aria-expanded') === 'false') await t.click(); };
	const on = (page: Page, step: string) => page.locator(`#card-${step}`).focus();
	return [
		at('tables', '/tables'), at('table', `/tables/${s.table}`), at('table-filtered', `/tables/${s.table}?column=orders&operator=greater&value=9000`),
		dialog('table-columns', `/tables/${s.table}`, 'Columns'), dialog('table-row', `/tables/${s.table}`, 'Add row'),
		{ name: 'table-import', show: async page => {
			await page.goto(`/tables/${s.table}`);
			await page.getByRole('button', { name: 'Import' }).click();
			const box = page.getByRole('dialog', { name: /^Import into/ });
			await box.getByLabel('File').setInputFiles({ name: 'more.csv', mimeType: 'text/csv', buffer: Buffer.from('Name,E-Mail,Orders\nAda,ada@example.com,36\nXu,xu@example.com,many\n') });
			await box.getByRole('button', { name: 'Look at it' }).click();
			await expect(box.getByText(/Line 3/)).toBeVisible();
		} },
		at('variables', '/variables'), dialog('variable-new', '/variables', /^New variable/), at('templates', '/templates'), dialog('token-new', '/settings', 'New token'),
		at('versions-compare', `/flows/${s.flow}/versions?from=1&to=2`),
		builder('find', async (b, page) => {
			await on(page, 'customer');
			await page.keyboard.press('Control+f');
			await page.keyboard.type('customer');
			await expect(page.locator('#findbar .count')).toHaveText(/1 of \d/);
		}),
		builder('outline', async (b, page) => {
			await on(page, 'customer');
			await page.keyboard.press('o');
			await page.locator('#outline').waitFor();
			await page.evaluate(() => localStorage.removeItem('fd-outline'));
		}),
		builder('pin-dialog', async (b, page) => { await b.menu('Customer', 'Pin an output…'); await page.getByRole('dialog', { name: /Pin the output/ }).waitFor(); }),
		builder('expression-dialog', async (b, page) => {
			await unfold(b, 'Greeting');
			await b.field('Greeting', 'Text').locator('.pill').last().click();
			await page.getByRole('dialog').getByRole('button', { name: /expression/i }).click();
			await page.locator('dialog[open] .cm-content').waitFor();
		}),
		builder('keys-sheet', async (b, page) => {
			await on(page, 'customer');
			await page.keyboard.press('?');
			await page.getByRole('dialog', { name: /shortcuts/i }).waitFor();
		}),
	];
}
