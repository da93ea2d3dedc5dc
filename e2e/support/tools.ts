import { expect, type Page } from '@playwright/test';
import { Builder } from './builder.ts';
import type { Client } from './client.ts';
import { ConnectionDialog } from './connections.ts';
import { close, endpoint, flow, get, input, post } from './documents.ts';
import type { Scene } from './scenes.ts';
import type { World } from './world.ts';

/** What scenes of connections that end, of kinds of bodies and of comparing show, made once. */
export interface Tools { bodies: string; ending: string; renewed: string; send: string; failed: string }

const partner = 'Partner API · API key';

/** Makes connections that will stop, a card of every kind of body, and a step that failed after it had worked. */
export async function tools(client: Client, world: World): Promise<Tools> {
	const host = new URL(world.url).host;
	const id = async (name: string) => (await (await client.get('/connections?q=' + encodeURIComponent(name))).text()).match(/id="row-([\w-]+)"/)![1];
	await client.post('/connections', { type: 'header', name: partner, hosts: host, 'auth.headers.0.name': 'X-Api-Key', 'auth.headers.0.value': 'k-123-of-the-partner', 'network.rate': '5', 'network.concurrency': '2' });
	const ending = await id(partner);
	await client.live(flow('Partner prices', endpoint(), [get('prices', world.url + '/customers/C-1', { connection: ending }), close('reply', 200, '{"name": {{prices.body.name}}}')]));
	await fetch(`${client.url}/api/flows/partner-prices/invoke`).then(r => r.text());
	const day = new Date(Date.now() + 9 * 86_400_000).toISOString().slice(0, 10);
	await client.post(`/connections/${ending}/secret-ends`, { day });
	await client.post('/connections', { type: 'client_credentials', name: 'Warehouse · machine', hosts: host, 'auth.token_url': world.url + '/token', 'auth.client_id': 'flowdeck', 'auth.client_secret': 'a secret of the warehouse' });
	const of = (name: string, body_type: string, more: object) => post(name, world.url + '/contacts', undefined, { inputs: { url: world.url + '/contacts', body_type, ...more } });
	const bodies = await client.flow(flow('Kinds of bodies', endpoint(input('id')), [
		get('pages', world.url + '/customers', { inputs: { url: world.url + '/customers', query: { expand: ['a', 'b'] }, pagination: 'cursor', cursor_at: 'meta.next' } }),
		of('form', 'form', { form: { name: '{{endpoint.id}}' } }), of('with_files', 'multipart', { parts: [{ name: 'note', value: 'hello' }] }), of('xml', 'xml', { body: '<a><b/></a>' }), of('file', 'file', {}), of('nothing', 'none', {}),
	]));
	const send = await client.live(flow('Since it worked', endpoint(input('id')), [post('send', world.url + '/customers/{{endpoint.id}}', '{"n": 1}')]));
	for (const id of ['C-1', 'C-404']) await fetch(`${client.url}/api/flows/since-it-worked/invoke`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ id }) }).then(r => r.text());
	const failed = (await (await client.get(`/flows/${send}/runs?state=failed`)).text()).match(/\/runs\/(r_[\w-]+)/)![1];
	return { bodies, ending, renewed: await id('Warehouse · machine'), send, failed };
}

/** Every dialog, drawer and tab of connections and HTTP cards beyond the plainest. */
export function tooled(s: Tools): Scene[] {
	const builder = (name: string, id: string, act: (b: Builder, page: Page) => Promise<void>): Scene => ({ name, show: async page => { await act(await new Builder(page).open(id), page); } });
	const fresh = (name: string, type: string, act: (d: ConnectionDialog) => Promise<void>): Scene => ({ name, show: async page => { await act(await new ConnectionDialog(page).open(type)); } });
	const unfold = async (b: Builder, card: string) => { const t = b.card(card).locator('.tog').first(); if (await t.isVisible() && await t.getAttribute('aria-expanded') === 'false') await t.click(); };
	const drawer = (page: Page, id: string) => page.goto('/connections/' + id);
	const command = async (page: Page, b: Builder, text: string) => {
		await b.menu('Send', /Import cURL/);
		const dialog = page.getByRole('dialog', { name: /Import cURL/ });
		await dialog.getByRole('textbox', { name: 'Command' }).fill(text);
		await dialog.getByRole('button', { name: 'Show what it makes' }).click();
		return dialog;
	};
	const preview = async (b: Builder) => {
		await b.menu('Send', /Test this card/);
		await b.drawer.getByRole('textbox').first().fill('C-1');
		await b.drawer.getByRole('button', { name: 'Run test' }).click();
		await b.drawer.getByRole('button', { name: 'Send it' }).waitFor();
	};
	return [
		...['Client credentials', 'Digest', 'None'].map(type => fresh('new-connection-' + type.split(' ')[0].toLowerCase(), type, async () => { })),
		fresh('new-connection-services', 'Basic', async d => {
			await d.box.getByText('Start from a service').click();
			await d.box.getByRole('searchbox', { name: 'Search services' }).fill('o');
		}),
		fresh('new-connection-begun', 'Basic', async d => {
			await d.box.getByText('Start from a service').click();
			await d.box.getByRole('button', { name: /^Okta OAuth/ }).click();
			await expect(d.field('Okta domain')).toBeVisible();
			await expect(d.box.getByRole('radio', { name: /^OAuth 2.0 sign-in/ })).toBeChecked();
		}),
		fresh('new-connection-issuer', 'OAuth 2.0 sign-in', async d => {
			await d.field('Issuer or discovery URL').fill('http://127.0.0.1:1');
			await d.box.getByRole('button', { name: 'Fill in' }).click();
			await expect(d.field('Issuer or discovery URL')).toHaveAttribute('aria-invalid', 'true');
		}),
		fresh('new-connection-key', 'OAuth 2.0 sign-in', async d => {
			await d.box.locator('#conn-more > summary').click();
			await d.box.getByRole('combobox', { name: 'Client authentication' }).selectOption({ label: 'Signed with a private key' });
			await d.box.locator('#conn-network > summary').click();
			await d.box.getByRole('textbox', { name: 'Private key' }).scrollIntoViewIfNeeded();
		}),
		fresh('new-connection-limits', 'None', async d => {
			await d.box.locator('#conn-network > summary').click();
			await d.fill({ Name: 'Limits', 'Requests at a time': 'many' });
			await d.box.getByRole('button', { name: 'Create connection' }).click();
			await expect(d.field('Requests at a time')).toHaveAttribute('aria-invalid', 'true');
		}),
		{ name: 'edit-connection-elsewhere', show: async page => {
			await page.goto('/connections');
			await page.getByRole('button', { name: `More for ${partner}` }).click();
			await page.getByRole('menuitem', { name: 'Edit…' }).click();
			const d = new ConnectionDialog(page, `Edit “${partner}”`);
			await d.field('Send it only to').fill('elsewhere.example');
			await d.box.getByRole('button', { name: 'Save' }).click();
			await expect(d.field('Header value')).toHaveAttribute('aria-invalid', 'true');
			await expect(d.field('Header value')).toBeEditable();
		} },
		{ name: 'connection-ends', show: async page => { await drawer(page, s.ending); await expect(page.locator('#drawer')).toContainText('Partner prices'); } },
		{ name: 'connection-rehearsed', show: async page => {
			await drawer(page, s.renewed);
			await page.locator('#drawer').getByRole('button', { name: 'Rehearse the renewal now' }).first().click();
			await expect(page.locator('#rehearsal')).toContainText('The renewal fails');
			await expect(page.locator('#rehearsal')).toBeInViewport();
		} },
		builder('body-kinds', s.bodies, async b => { for (const card of ['Form', 'With files', 'Xml', 'File']) await unfold(b, card); }),
		builder('pages-of-a-card', s.bodies, async b => {
			await unfold(b, 'Pages');
			await b.card('Pages').locator('summary', { hasText: 'More' }).click();
			await b.card('Pages').getByRole('combobox', { name: 'Follow pages by' }).scrollIntoViewIfNeeded();
		}),
		builder('curl-empty', s.send, async (b, page) => { await b.menu('Send', /Import cURL/); await page.getByRole('dialog', { name: /Import cURL/ }).waitFor(); }),
		builder('curl-mistake', s.send, async (b, page) => { await expect((await command(page, b, "curl 'https://api.example.com")).getByRole('alert')).toContainText('Line 1'); }),
		builder('curl-makes', s.send, async (b, page) => { await expect(await command(page, b, `curl https://api.example.com/v1/charges?expand=a&expand=b -u maya:hunter22 -k -d amount=2000`.replace('&', '\\&'))).toContainText('This becomes a Post card'); }),
		builder('test-preview', s.send, async b => { await preview(b); }),
		builder('test-recording', s.send, async b => {
			await preview(b);
			await b.drawer.getByRole('button', { name: 'Answer from the last recording' }).click();
			await expect(b.drawer).toContainText(/recording/i);
			await expect(b.drawer.locator('#test-status')).toBeVisible();
		}),
		builder('test-runs', s.send, async b => { await b.menu('Send', /Test this card/); await b.drawer.getByText('Use values from a run').click(); }),
		{ name: 'run-compare', show: async page => {
			await page.goto(`/runs/${s.failed}/steps/send`);
			await page.getByRole('tab', { name: 'Compare' }).click();
			await expect(page.getByRole('tabpanel', { name: 'Compare' })).toContainText('Compared with');
		} },
	];
}
