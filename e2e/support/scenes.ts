import type { Page } from '@playwright/test';
import { Builder } from './builder.ts';
import type { Client } from './client.ts';
import { close, endpoint, flow, get, giveBack, input, manual, post } from './documents.ts';
import { kept, keptScenes, type Kept } from './kept.ts';
import { states, troubled, type States } from './states.ts';
import { tooled, tools, type Tools } from './tools.ts';
import type { World } from './world.ts';

/** Something that can be looked at: how to get there from anywhere. */
export interface Scene { name: string; show(page: Page): Promise<void> }

/** The things that scenes show, made once. */
export interface Stage { flow: string; broken: string; empty: string; failed: string; connection: string; client: Client; states: States; tools: Tools; kept: Kept }

/** Makes flows, runs and connections for scenes. */
export async function stage(client: Client, world: World): Promise<Stage> {
	const host = new URL(world.url).host;
	await client.post('/connections', { type: 'basic', name: 'Acme Customers · Basic · svc_backoffice', hosts: host, test_url: world.url + '/customers/C-1', 'auth.username': 'maya', 'auth.password': 'pä$$ word' });
	await client.post('/connections', { type: 'none', name: 'Open data · None' });
	const list = await (await client.get('/connections?q=svc_backoffice')).text();
	const connection = list.match(/id="row-([\w-]+)"/)![1];
	const made = flow('Customer to CRM sync', endpoint(input('customer_id', 'text', true), input('source')), [
		get('get_customer', world.url + '/customers/{{endpoint.customer_id}}?auth=basic', { connection, title: 'Get customer', note: 'Reads the customer from the back office', outputs: [{ path: 'body.name', type: 'text' }, { path: 'body.email', type: 'text' }, { path: 'body.status', type: 'text' }] }),
		{ id: 'check', card: 'control.if', title: 'Is active?', inputs: { match: 'all', conditions: [{ left: '{{get_customer.body.status}}', operator: 'equals', right: 'active' }, { left: '{{get_customer.body.email}}', operator: 'is_not_empty' }] },
			blocks: {
				then: { chain: [post('post_to_crm', world.url + '/contacts', '{\n  "name": {{get_customer.body.name}},\n  "email": {{get_customer.body.email}},\n  "source": "{{endpoint.source}}"\n}', { title: 'Post to CRM', policy: { retry: [{ match: ['http_5xx', 'timeout'], attempts: 3, interval: '1s', backoff: 2 }] } }), close('created', 201, '{"contact": {{post_to_crm.body.id}}}')] },
				else: { chain: [close('not_active', 409, '{"error": "the customer is not active"}')] },
			} },
	]);
	const id = await client.live(made);
	for (const c of ['C-1', 'C-2', 'C-404']) await (await fetch(`${client.url}/api/flows/customer-to-crm-sync/invoke`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ customer_id: c, source: 'shop' }) })).text();
	const runs = await (await client.get(`/flows/${id}/runs?state=failed`)).text();
	const failed = runs.match(/\/runs\/(r_[\w-]+)/)![1];
	const broken = await client.flow(flow('Nightly digest', manual(input('day')), [get('first', ''), post('second', 'https://api.example.com/{{nobody.body}}'), giveBack({ ok: 'yes' })]));
	const empty = await client.flow({ name: 'Untitled flow', document: { format: 1, trigger: { id: '', card: '' }, chain: [] } });
	await client.post(`/flows/${id}/steps/get_customer/test`, { 'in.0.ref': 'endpoint.customer_id', 'in.0.value': 'C-1' });
	return { flow: id, broken, empty, failed, connection, client, states: await states(client, world), tools: await tools(client, world), kept: await kept(client, world) };
}

/** Every screen, dialog, drawer, picker and menu that there is. */
export function scenes(s: Stage): Scene[] {
	const at = (name: string, path: string): Scene => ({ name, show: async page => { await page.goto(path); } });
	const builder = (name: string, act: (b: Builder, page: Page) => Promise<void>, flow = s.flow): Scene => ({ name, show: async page => { await act(await new Builder(page).open(flow), page); } });
	const wide = (page: Page) => page.viewportSize()!.width > 760;
	const unfold = async (b: Builder, card: string) => { const t = b.card(card).locator('.tog').first(); if (await t.isVisible() && await t.getAttribute('aria-expanded') === 'false') await t.click(); };
	const tab = (name: string) => builder(`test-${name.toLowerCase()}`, async b => {
		await b.menu('Get customer', /Test this card/);
		await b.drawer.getByRole('tab', { name }).click();
	});
	return [
		at('flows', '/flows'), at('connections', '/connections'), at('runs', '/runs'), at('settings', '/settings'),
		at('flow-runs', `/flows/${s.flow}/runs`), at('run', `/runs/${s.failed}`), at('run-card', `/runs/${s.failed}/steps/get_customer`), at('not-found', '/no/such/page'),
		builder('builder', async () => { }),
		builder('builder-start', async () => { }, s.empty),
		builder('builder-problems', async b => { if (wide(b.page)) await b.page.getByRole('button', { name: /things? to fix/ }).click(); }, s.broken),
		builder('add-card', async (b, page) => { await page.locator('[data-add]:visible').last().click(); }),
		builder('insert-data', async (b, page) => { await unfold(b, 'Get customer'); await b.field('Get customer', 'URL').click({ position: { x: 6, y: 6 } }); await page.keyboard.press('Control+Space'); await page.getByRole('dialog', { name: 'Insert data' }).waitFor(); }),
		builder('pill', async (b, page) => { await unfold(b, 'Get customer'); await b.field('Get customer', 'URL').locator('.pill').click(); await page.getByRole('dialog').waitFor(); }),
		builder('click-to-map', async b => { await unfold(b, 'API Endpoint'); await b.output('endpoint.customer_id').click(); }),
		builder('card-menu', async b => { await b.card('Get customer').getByRole('button', { name: 'Get customer: card menu' }).click(); }),
		builder('connection-menu', async b => { await unfold(b, 'Get customer'); await b.card('Get customer').locator('[data-conn]').click(); await b.page.getByRole('menuitem', { name: 'New connection' }).waitFor(); }),
		builder('policy', async b => { await unfold(b, 'Post to CRM'); await b.card('Post to CRM').locator('details.fold').last().locator('summary').click(); }),
		builder('endpoint-settings', async b => { await unfold(b, 'API Endpoint'); await b.card('API Endpoint').getByRole('button', { name: 'Endpoint settings' }).click(); await b.page.getByRole('dialog').waitFor(); }),
		builder('run-dialog', async (b, page) => { await page.getByRole('button', { name: 'Run', exact: true }).filter({ visible: true }).first().click(); await page.getByRole('dialog').waitFor(); }),
		builder('flow-menu', async (b, page) => { await page.getByRole('button', { name: /flow status/ }).click(); }),
		builder('keys', async (b, page) => { if (wide(page)) await page.getByRole('button', { name: 'Keyboard shortcuts' }).click(); }),
		tab('Response'), tab('Request'), tab('Output'), tab('Trace'),
		builder('import', async (b, page) => { await page.getByRole('link', { name: 'import a flow file' }).click(); await page.getByRole('dialog').waitFor(); }, s.empty),
		{ name: 'flow-actions', show: async page => { await page.goto('/flows'); if (wide(page)) await page.getByRole('button', { name: 'More for Customer to CRM sync' }).click(); } },
		{ name: 'connection', show: async page => { await page.goto('/connections'); await page.getByRole('link', { name: 'Acme Customers · Basic · svc_backoffice', exact: true }).click(); await page.locator('#drawer').waitFor(); } },
		...['OAuth 2.0 sign-in', 'Custom header', 'Basic'].map((type): Scene => ({
			name: 'new-connection-' + type.split(' ')[0].toLowerCase(),
			show: async page => {
				const { ConnectionDialog } = await import('./connections.ts');
				await new ConnectionDialog(page).open(type);
			},
		})),
		{ name: 'edit-connection', show: async page => { await page.goto(`/connections/${s.connection}/edit`); } },
		{ name: 'delete-connection', show: async page => { await page.goto(`/connections/${s.connection}/delete`); } },
		...troubled(s.states, s.client, s.broken, s.empty),
		...tooled(s.tools),
		...keptScenes(s.kept),
		{ name: 'add-person', show: async page => { await page.goto('/settings'); await page.getByRole('button', { name: 'Add a person' }).click(); await page.getByRole('dialog').waitFor(); } },
	];
}
