import { expect, type Page } from '@playwright/test';
import { Builder } from './builder.ts';
import type { Client } from './client.ts';
import { ConnectionDialog } from './connections.ts';
import { endpoint, flow, get, giveBack, input, post } from './documents.ts';
import type { Scene } from './scenes.ts';
import type { World } from './world.ts';

/** What scenes of trouble, waiting and excess show, made once. */
export interface States { flow: string; live: string; run: string; signIn: string }

const long = 'Customer master data synchronisation between the back office, the CRM and the data warehouse';
const unbroken = 'x'.repeat(60);

/** Makes a flow with long names, a run that goes on, and a sign-in that waits. */
export async function states(client: Client, world: World): Promise<States> {
	const id = await client.flow({ ...flow(long, endpoint(input('a_parameter_with_a_rather_long_name_' + unbroken.slice(0, 20))), [
		get('first', `https://${unbroken}.example.com/customers/${unbroken}?a=1&b=2`, { title: long, note: `${long}. ${unbroken}` }),
		post('second', world.url + '/nothing', '{\n  "a": 1\n}'), giveBack({ ok: 'yes' })]), labels: ['master data', unbroken.slice(0, 30)] });
	const live = await client.live(flow('Goes on', endpoint(), [get('wait', world.url + '/gate?states', { policy: { timeout: '10m' } }), giveBack({ ok: 'yes' })]));
	void fetch(`${client.url}/api/flows/goes-on/invoke`, { method: 'POST' }).then(r => r.text(), () => '');
	let run = '';
	await expect.poll(async () => run = (await (await client.get(`/flows/${live}/runs?state=running`)).text()).match(/\/runs\/(r_[\w-]+)/)?.[1] ?? '').not.toBe('');
	const made = await client.post('/connections', { type: 'oauth_code', name: `CRM · OAuth · ${unbroken}`, hosts: 'crm.example.com', 'auth.authorize_url': 'https://login.example.com/authorize', 'auth.token_url': 'https://login.example.com/token', 'auth.client_id': 'flowdeck', 'auth.client_secret': 'a secret of the tests', 'auth.scopes': 'openid customers.read' });
	const signIn = (await made.text()).match(/\/oauth\/attempts\/([\w-]+)/)?.[1];
	if (!signIn) throw new Error(`no sign-in begun: ${made.status}`);
	return { flow: id, live, run, signIn };
}

/** What is empty, wrong, waiting, refused or very long. */
export function troubled(s: States, client: Client, broken: string, empty: string): Scene[] {
	const at = (name: string, path: string): Scene => ({ name, show: async page => { await page.goto(path); } });
	const builder = (name: string, act: (b: Builder, page: Page) => Promise<void>, id = s.flow): Scene => ({ name, show: async page => { await act(await new Builder(page).open(id), page); } });
	const wide = (page: Page) => page.viewportSize()!.width > 760;
	const unfold = async (b: Builder, card: string) => { const t = b.card(card).locator('.tog').first(); if (await t.isVisible() && await t.getAttribute('aria-expanded') === 'false') await t.click(); };
	return [
		at('flows-none-found', '/flows?q=nothing-is-called-that'), at('connections-none-found', '/connections?q=nothing-is-called-that'), at('runs-none-found', '/runs?q=nothing-is-called-that'),
		at('flow-runs-empty', `/flows/${broken}/runs`), at('run-live', `/runs/${s.run}`), at('run-card-live', `/runs/${s.run}/steps/wait`),
		at('oauth-waiting', `/oauth/attempts/${s.signIn}`), at('oauth-refused', '/oauth/callback?error=access_denied&error_description=The+person+said+no'), at('oauth-unknown', '/oauth/callback?state=made-up&code=made-up'),
		at('missing-flow', '/flows/f_nothing'), at('missing-run', '/runs/r_nothing'),
		builder('builder-long', async () => { }),
		builder('test-new', async b => { await b.menu('Second', /Test this card/); await b.drawer.getByRole('button', { name: 'Run test' }).waitFor(); }),
		builder('test-failed', async b => {
			await b.menu('Second', /Test this card/);
			await b.drawer.getByRole('button', { name: 'Run test' }).click();
			await b.drawer.getByRole('button', { name: 'Send it' }).click();
			await expect(b.drawer.locator('#test-status')).toContainText('404');
		}),
		builder('edit-as-code', async (b, page) => { await unfold(b, 'Second'); await b.card('Second').getByRole('button', { name: 'Edit Body as code' }).click(); await page.getByRole('dialog', { name: 'Body as code' }).getByRole('textbox').waitFor(); }),
		at('versions', `/flows/${s.live}/versions`),
		builder('publish', async (b, page) => { await page.locator('#publish').click(); await page.getByRole('dialog', { name: /^Publish/ }).waitFor(); }),
		builder('notices', async (b, page) => {
			await page.evaluate(() => {
				document.dispatchEvent(new CustomEvent('fd:toast', { detail: { text: '“Post to CRM” deleted', undo: '/nowhere' } }));
				document.dispatchEvent(new CustomEvent('fd:toast', { detail: { text: 'That was refused: the flow has no trigger yet.', kind: 'err' } }));
			});
			await expect(b.toast.last()).toBeVisible();
		}),
		builder('conflict', async (b, page) => {
			await unfold(b, 'Second');
			await client.post(`/flows/${b.flow}/edit`, { op: 'note', step: 'second', value: `changed at ${Date.now()}`, rev: await page.locator('#flow-rev').inputValue() });
			await b.field('Second', 'URL').click();
			await page.keyboard.type('x');
			await expect(page.locator('#conflict').getByRole('button', { name: 'Discard it' })).toBeVisible();
		}),
		builder('import-refused', async (b, page) => {
			await page.getByRole('link', { name: 'import a flow file' }).click();
			await page.getByLabel('Or paste it').fill('{"hello": "world"}');
			await page.getByRole('button', { name: 'Import' }).click();
			await expect(page.getByRole('alert')).toContainText('not a file of Flowdeck');
		}, empty),
		...['Name and labels', 'Delete'].map((item): Scene => ({ name: item.toLowerCase().replaceAll(' ', '-') + '-of-a-flow', show: async page => {
			await page.goto('/flows?q=goes+on');
			if (!wide(page)) return; // a phone's list opens flows only
			await page.getByRole('button', { name: 'More for Goes on' }).click();
			await page.getByRole('menuitem', { name: item }).click();
			await page.getByRole('dialog').waitFor();
		} })),
		{ name: 'connection-problems', show: async page => {
			const d = await new ConnectionDialog(page).open('Basic');
			await d.fill({ Name: unbroken, 'Send it only to': 'https://not a host' });
			await d.box.getByRole('button', { name: 'Create connection' }).click();
			await expect(d.field('Username')).toHaveAttribute('aria-invalid', 'true');
		} },
	];
}
