import type { Page } from '@playwright/test';
import { ConnectionDialog, connectionRow } from './support/connections.ts';
import { endpoint, flow, get, giveBack } from './support/documents.ts';
import { AuthServer, signInAndAllow } from './support/oidc.ts';
import { expect, test as shared } from './support/test.ts';

// The sign-in server has its own pages; the test signs in and allows there, in the pop-up.
const test = shared.extend<{ auth: AuthServer }>({
	auth: async ({ flowdeck }, use) => {
		const client = (client_id: string, more = {}) => ({ client_id, client_secret: `${client_id}-client-secret`, redirect_uris: [flowdeck.url + '/oauth/callback'], grant_types: ['authorization_code', 'refresh_token'], scope: 'openid offline_access customers.read', ...more });
		const a = await new AuthServer().start([client('flowdeck'), client('once', { grant_types: ['authorization_code'] })]);
		await use(a);
		await a.stop();
	},
});

/** Fills the form of an OAuth connection. */
async function form(page: Page, auth: AuthServer, world: { url: string }, name: string, more: Record<string, string> = {}): Promise<ConnectionDialog> {
	const d = await new ConnectionDialog(page).open('OAuth 2.0 sign-in');
	return d.fill({ Name: name, 'Authorize URL': auth.authorizeURL, 'Token URL': auth.tokenURL, Scopes: 'openid customers.read', 'Client ID': 'flowdeck', 'Client secret': 'flowdeck-client-secret',
		'Send it only to': new URL(world.url).host, 'Test URL': world.url + '/whoami', ...more });
}

/** Presses a button that opens the sign-in window, and gives that window. */
async function press(page: Page, name: string): Promise<Page> {
	const [popup] = await Promise.all([page.waitForEvent('popup'), page.getByRole('dialog').getByRole('button', { name }).click()]);
	return popup;
}

test('a person signs in in the pop-up, and the dialog goes on by itself', async ({ app: page, auth, client, flowdeck, world }) => {
	const d = await form(page, auth, world, 'CRM · OAuth');
	await expect(d.box.locator('#conn-redirect'), 'what has to be registered').toHaveText(flowdeck.url + '/oauth/callback');
	const popup = await press(page, 'Connect');
	await expect(d.box).toContainText('Finish signing in at');
	await signInAndAllow(popup, 'maya@acme.example');
	await expect(page.getByRole('dialog').getByRole('status')).toContainText('Connected');
	await expect(page.getByRole('dialog')).toContainText('customers.read');
	await expect(page.getByRole('dialog')).toContainText('Test call: 200');
	await expect.poll(() => popup.isClosed()).toBe(true);
	await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click();
	await expect(connectionRow(page, 'CRM · OAuth')).toContainText('Connected');

	const sent = world.calls('/whoami').at(-1)!.headers.authorization!;
	expect(flowdeck.filesWith(sent.replace('Bearer ', ''))).toEqual([]);
	expect(flowdeck.filesWith('flowdeck-client-secret')).toEqual([]);
	expect(flowdeck.output).not.toContain(sent.replace('Bearer ', ''));

	await test.step('a token that the service takes back is renewed once, and the call is made again', async () => {
		const id = (await connectionRow(page, 'CRM · OAuth').getAttribute('id'))!.replace('row-', '');
		await client.live(flow('Renewed', endpoint(), [get('me', world.url + '/whoami', { connection: id }), giveBack({ status: '{{me.status_code}}' })]));
		world.revoked.add(sent);
		const before = world.calls('/whoami').length;
		const res = await fetch(flowdeck.url + '/api/flows/renewed/invoke');
		expect(res.status).toBe(200);
		expect(world.calls('/whoami').length - before).toBe(2);
		expect(world.calls('/whoami').at(-1)!.headers.authorization).not.toBe(sent);
	});

	await test.step('reauthorize does the same again', async () => {
		await page.getByRole('button', { name: 'More for CRM · OAuth' }).click();
		const [again] = await Promise.all([page.waitForEvent('popup'), page.getByRole('menuitem', { name: 'Reauthorize' }).click()]);
		await again.getByRole('button', { name: 'Continue' }).click().catch(() => undefined); // already signed in there: it may go straight back
		await expect(page.getByRole('dialog').getByRole('status')).toContainText('Connected');
	});
});

test('a refusal shows the words of the service, and everything typed is kept', async ({ app: page, auth, world }) => {
	const d = await form(page, auth, world, 'Refused');
	const popup = await press(page, 'Connect');
	await popup.getByRole('link', { name: /Cancel/ }).click();
	await expect(d.box.getByRole('alert').first()).toContainText(/End-User aborted interaction|access_denied/);
	await expect(d.field('Client ID')).toHaveValue('flowdeck');
	await expect(d.field('Name')).toHaveValue('Refused');
	await expect.poll(() => popup.isClosed()).toBe(true);
	const again = await press(page, 'Connect again');
	await signInAndAllow(again, 'maya@acme.example');
	await expect(page.getByRole('dialog').getByRole('status')).toContainText('Connected');
});

test('a wrong client secret shows what the token endpoint said', async ({ app: page, auth, world }) => {
	const d = await form(page, auth, world, 'Wrong secret', { 'Client secret': 'not the secret' });
	const popup = await press(page, 'Connect');
	await signInAndAllow(popup, 'maya@acme.example');
	await expect(d.box.getByRole('alert').first()).toContainText(/invalid_client|client authentication failed/);
	await expect(d.field('Client ID')).toHaveAttribute('aria-invalid', 'true');
	expect(await d.box.innerText()).not.toContain('not the secret');
});

test('a redirect URL that is not registered', async ({ app: page, auth, world }) => {
	const d = await form(page, auth, world, 'Unknown client', { 'Client ID': 'somebody-else' });
	const popup = await press(page, 'Connect');
	await expect(popup.getByText(/invalid_client|client is invalid/).first(), 'the service keeps such people with itself').toBeVisible();
	await popup.close();
	await d.box.getByRole('button', { name: 'Cancel' }).click();
	await expect(d.box, 'the server has heard it').toBeHidden();
	await page.goto('/connections');
	await expect(connectionRow(page, 'Unknown client')).toContainText('Signed out');
});

test('no refresh token is said beforehand', async ({ app: page, auth, world }) => {
	await form(page, auth, world, 'Once only', { 'Client ID': 'once', 'Client secret': 'once-client-secret' });
	const popup = await press(page, 'Connect');
	await signInAndAllow(popup, 'maya@acme.example');
	await expect(page.getByRole('dialog')).toContainText('The service gave no refresh token.');
	await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click();
	await expect(connectionRow(page, 'Once only')).toContainText(/Ends in/);
});

test('answers that belong to no sign-in change nothing', async ({ app: page, flowdeck }) => {
	await page.goto(flowdeck.url + '/oauth/callback?state=made-up&code=made-up');
	await expect(page.getByRole('heading', { name: 'This does not belong to a sign-in' })).toBeVisible();
	await page.goto(flowdeck.url + '/oauth/callback?error=access_denied&error_description=No+thanks');
	await expect(page.getByText('No thanks')).toBeVisible();
	const res = await page.goto(flowdeck.url + '/oauth/start/no-such-attempt');
	expect(res!.status()).toBeGreaterThanOrEqual(400);
});

test('a link works once', async ({ app: page, auth, world }) => {
	const d = await form(page, auth, world, 'Linked');
	const popup = await press(page, 'Connect');
	const link = (await d.box.getByRole('link', { name: 'Open the window again' }).getAttribute('href'))!;
	await signInAndAllow(popup, 'maya@acme.example');
	await expect(page.getByRole('dialog').getByRole('status')).toContainText('Connected');
	await page.goto(link);
	await expect(page.getByRole('heading', { name: 'This sign-in is over' })).toBeVisible();
});

test('tokens that live short are renewed before they end', async ({ app: page, client, flowdeck, world }) => {
	const auth = await new AuthServer().start([{ client_id: 'flowdeck', client_secret: 'flowdeck-client-secret', redirect_uris: [flowdeck.url + '/oauth/callback'], grant_types: ['authorization_code', 'refresh_token'], scope: 'openid offline_access customers.read' }], 3);
	try {
		await form(page, auth, world, 'Short lived');
		const popup = await press(page, 'Connect');
		await signInAndAllow(popup, 'maya@acme.example');
		await expect(page.getByRole('dialog').getByRole('status')).toContainText('Connected');
		await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click();
		const id = (await connectionRow(page, 'Short lived').getAttribute('id'))!.replace('row-', '');
		const first = world.calls('/whoami').at(-1)!.headers.authorization!;
		await client.live(flow('Short lived', endpoint(), [get('me', world.url + '/whoami', { connection: id }), giveBack({ status: '{{me.status_code}}' })]));
		await expect.poll(async () => {
			await (await fetch(flowdeck.url + '/api/flows/short-lived/invoke')).text();
			return world.calls('/whoami').at(-1)!.headers.authorization;
		}, { message: 'another token, though none was turned down' }).not.toBe(first);
	} finally { await auth.stop(); }
});
