import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { Page } from '@playwright/test';
import type { ClientMetadata } from 'oidc-provider';
import { ConnectionDialog, connectionMenu, connectionRow } from './support/connections.ts';
import { endpoint, flow, get, giveBack } from './support/documents.ts';
import { AuthServer, signInAndAllow, type Variant } from './support/oidc.ts';
import { expect, test as shared } from './support/test.ts';

// Every way to be a client, at a server that others wrote. Consent is clicked on the
// server's own pages, in the window that Flowdeck opens.

const odd = 's:e%c+r e/t&=?~"\'{}';
const pem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }) as string;
const jwks = (key: KeyObject) => ({ keys: [{ ...key.export({ format: 'jwk' }), kid: 'k1', use: 'sig' }] }) as ClientMetadata['jwks'];
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const edwards = generateKeyPairSync('ed25519');
const signed = (alg: string, key: { publicKey: KeyObject }): Partial<ClientMetadata> => ({ token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: alg as 'RS256', jwks: jwks(key.publicKey), client_secret: undefined });

interface Kind {
	name: string;
	/** What the server knows of the client. */
	client?: Partial<ClientMetadata>;
	/** What is filled in besides the addresses and the client's name. */
	form?: Record<string, string>;
	server?: Variant;
	seconds?: number;
}

const test = shared.extend<{ begin: (kind: Kind, machine?: boolean) => Promise<Begun> }>({
	begin: async ({ client, flowdeck, world }, use) => {
		const started: AuthServer[] = [];
		await use(async (kind, machine = false) => {
			const auth = new AuthServer();
			started.push(auth);
			await auth.start([{ client_id: 'flowdeck', client_secret: 'flowdeck-client-secret', scope: 'openid offline_access customers.read', redirect_uris: machine ? [] : [flowdeck.url + '/oauth/callback'],
				grant_types: machine ? ['client_credentials'] : ['authorization_code', 'refresh_token'], ...(machine && { response_types: [] }), ...kind.client }], kind.seconds, kind.server);
			const form = { type: machine ? 'client_credentials' : 'oauth_code', shown: machine ? 'client_credentials' : 'oauth_code', name: kind.name, hosts: `${new URL(world.url).host} ${new URL(auth.url).host}`,
				'auth.token_url': auth.tokenURL, 'auth.client_id': 'flowdeck', 'auth.client_secret': 'flowdeck-client-secret', 'auth.scopes': machine ? 'customers.read' : 'openid customers.read',
				...(!machine && { 'auth.authorize_url': auth.authorizeURL, 'auth.pkce': 'true' }), ...kind.form };
			const made = await client.post('/connections', Object.fromEntries(Object.entries(form).map(([k, v]) => [k, v.replaceAll('{server}', auth.url)])));
			const said = await made.text();
			expect(made.status, said).toBeLessThan(300);
			const listed = await (await client.get('/connections?q=' + encodeURIComponent(kind.name))).text();
			const id = listed.match(/id="row-([^"]+)"/)![1];
			const call = async (url: string) => {
				const name = `${kind.name} ${started.length} ${url.replace(/\W+/g, '')}`;
				const at = flow(name, endpoint(), [get('me', url, { connection: id }), giveBack({ status: '{{me.status_code}}' })]);
				await client.live(at);
				return async () => { const res = await fetch(`${flowdeck.url}/api/flows/${at.alias}/invoke`); return { status: res.status, text: await res.text() }; };
			};
			return { auth, id, call, state: async () => (await client.get('/connections?q=' + encodeURIComponent(kind.name))).text() };
		});
		for (const a of started) await a.stop();
	},
});

interface Begun { auth: AuthServer; id: string; call: (url: string) => Promise<() => Promise<{ status: number; text: string }>>; state: () => Promise<string> }

/** Signs in to a connection that is there, in the window that opens. */
async function consent(page: Page, name: string): Promise<void> {
	await page.goto('/connections');
	const [popup] = await Promise.all([page.waitForEvent('popup'), connectionMenu(page, name, 'Reauthorize')]);
	await signInAndAllow(popup, 'maya@acme.example');
}

async function allowed(page: Page, name: string): Promise<void> {
	await consent(page, name);
	await expect(page.getByRole('dialog').getByRole('status')).toContainText('Connected');
}

const people: (Kind & { proof: RegExp | null; asks?: Record<string, string> })[] = [
	{ name: 'Basic with odd characters', client: { client_secret: odd }, form: { 'auth.client_secret': odd }, proof: /^Basic / },
	{ name: 'Secret in the body', client: { token_endpoint_auth_method: 'client_secret_post' }, form: { 'auth.client_auth': 'post' }, proof: null, asks: { client_secret: 'flowdeck-client-secret' } },
	{ name: 'Signed with RSA', client: signed('RS256', rsa), form: { 'auth.client_auth': 'private_key_jwt', 'auth.private_key': pem(rsa.privateKey), 'auth.key_id': 'k1' }, proof: null },
	{ name: 'Signed with RSA-PSS', client: signed('PS256', rsa), form: { 'auth.client_auth': 'private_key_jwt', 'auth.private_key': pem(rsa.privateKey), 'auth.signing_algorithm': 'PS256' }, proof: null },
	{ name: 'Signed with a JWK for the issuer', client: signed('ES256', p256), form: { 'auth.client_auth': 'private_key_jwt', 'auth.private_key': JSON.stringify({ ...p256.privateKey.export({ format: 'jwk' }), kid: 'k1' }), 'auth.assertion_audience': 'issuer', 'auth.issuer': '{server}' }, proof: null },
	{ name: 'Signed with Ed25519', client: signed('EdDSA', edwards), form: { 'auth.client_auth': 'private_key_jwt', 'auth.private_key': pem(edwards.privateKey) }, proof: null },
	{ name: 'Public client', client: { token_endpoint_auth_method: 'none', client_secret: undefined }, form: { 'auth.client_auth': 'none', 'auth.client_secret': '' }, proof: null, asks: { client_id: 'flowdeck' } },
	{ name: 'PKCE off', form: { 'auth.pkce': '' }, server: { pkce: false }, proof: /^Basic / },
	{ name: 'Refresh tokens that stay', server: { rotate: false }, form: { 'auth.refresh_scope': 'true' }, proof: /^Basic / },
	{ name: 'Issuer named in the answer', form: { 'auth.issuer': '{server}', 'auth.authorize_params.0.key': 'prompt', 'auth.authorize_params.0.value': 'consent', 'auth.authorize_url': '{server}/auth?ui_locales=de', 'auth.token_url': '{server}/token?tenant=7' }, proof: /^Basic / },
];

for (const kind of people) {
	test(`a person signs in: ${kind.name}`, async ({ app: page, begin }) => {
		const b = await begin({ ...kind, seconds: 3 });
		const call = await b.call(b.auth.url + '/me');
		await allowed(page, kind.name);
		expect(await call()).toMatchObject({ status: 200 });
		const first = b.auth.asked[0];
		expect(first.authorization).toMatch(kind.proof ?? /^$/);
		expect(first.params).toMatchObject({ grant_type: 'authorization_code', ...kind.asks });
		expect(!!b.auth.consents[0].code_challenge).toBe(kind.name !== 'PKCE off');
		if (kind.name.startsWith('Issuer')) expect(b.auth.consents[0]).toMatchObject({ ui_locales: 'de', prompt: 'consent' });
		await expect.poll(async () => (await call(), b.auth.asked.filter(a => a.params.grant_type === 'refresh_token' && a.status === 200).length), { message: 'renewed before it ended' }).toBeGreaterThan(0);
		expect(await call()).toMatchObject({ status: 200 });
		expect(b.auth.asked.every(a => a.status === 200), 'the server refused nothing').toBe(true);
	});
}

const machines: (Kind & { jwt?: boolean })[] = [
	{ name: 'Machine, Basic with odd characters', client: { client_secret: odd }, form: { 'auth.client_secret': odd } },
	{ name: 'Machine, secret in the body', client: { token_endpoint_auth_method: 'client_secret_post' }, form: { 'auth.client_auth': 'post' } },
	{ name: 'Machine, signed with P-384', client: signed('ES384', p384), form: { 'auth.client_auth': 'private_key_jwt', 'auth.private_key': pem(p384.privateKey), 'auth.client_secret': '' } },
	{ name: 'Machine, token for a resource', server: { resources: ['https://api.acme.example'] }, form: { 'auth.resource': 'https://api.acme.example' }, jwt: true },
];

for (const kind of machines) {
	test(`nobody signs in: ${kind.name}`, async ({ begin, world }) => {
		const b = await begin({ ...kind, seconds: 3 }, true);
		const call = await b.call(world.url + '/whoami');
		expect(await call()).toMatchObject({ status: 200 });
		const token = world.calls('/whoami').at(-1)!.headers.authorization!.replace('Bearer ', '');
		if (kind.jwt) expect(JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString())).toMatchObject({ aud: 'https://api.acme.example', iss: b.auth.url, scope: 'customers.read' });
		else expect(await b.auth.knows(token)).toBe(true);
		await expect.poll(async () => (await call(), world.calls('/whoami').at(-1)!.headers.authorization), { message: 'another token when that one ends' }).not.toBe('Bearer ' + token);
	});
}

test('a token for a resource is a JWT made for it', async ({ app: page, begin, world }) => {
	const b = await begin({ name: 'For a resource', server: { resources: ['https://api.acme.example'] }, form: { 'auth.resource': 'https://api.acme.example', 'auth.scopes': 'customers.read' } });
	const call = await b.call(world.url + '/whoami');
	await allowed(page, 'For a resource');
	expect(await call()).toMatchObject({ status: 200 });
	const token = world.calls('/whoami').at(-1)!.headers.authorization!.replace('Bearer ', '');
	expect(JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString())).toMatchObject({ aud: 'https://api.acme.example', sub: 'maya@acme.example' });
});

test('an answer of another issuer is not taken', async ({ app: page, begin }) => {
	const b = await begin({ name: 'Mixed up', form: { 'auth.issuer': 'https://login.acme.example' } });
	await consent(page, 'Mixed up');
	await expect(page.getByRole('dialog').getByRole('alert').first()).toContainText(`the answer names the issuer "${b.auth.url}", the connection expects "https://login.acme.example"`);
	expect(b.auth.asked, 'no code was sent anywhere').toEqual([]);
});

test('a refresh token that somebody else used ends the sign-in, with the words of the server', async ({ app: page, begin, world }) => {
	const b = await begin({ name: 'Stolen' });
	const call = await b.call(world.url + '/whoami');
	await allowed(page, 'Stolen');
	const ended = () => world.revoked.add(world.calls('/whoami').at(-1)!.headers.authorization!); // the token in use, so that the next call renews
	expect(await call()).toMatchObject({ status: 200 });
	ended();
	expect(await call()).toMatchObject({ status: 200 });
	expect(b.auth.refreshTokens.length, 'rotated').toBeGreaterThan(1);
	const theft = await fetch(b.auth.tokenURL, { method: 'POST', headers: { Authorization: 'Basic ' + btoa('flowdeck:flowdeck-client-secret') }, body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: b.auth.refreshTokens[0] }) });
	expect(theft.status).toBe(400);
	ended();
	expect((await call()).status, 'the server ended all of it').toBe(502);
	await page.goto('/connections');
	await expect(connectionRow(page, 'Stolen')).toContainText('invalid_grant');
	const [popup] = await Promise.all([page.waitForEvent('popup'), connectionMenu(page, 'Stolen', 'Reauthorize')]);
	await popup.getByRole('button', { name: 'Continue' }).click(); // the server still knows the person
	await expect(page.getByRole('dialog').getByRole('status')).toContainText('Connected');
	expect(await call()).toMatchObject({ status: 200 });
});

test('a sign-in that is taken back at the server says so', async ({ app: page, begin }) => {
	const b = await begin({ name: 'Taken back' });
	const call = await b.call(b.auth.url + '/me');
	await allowed(page, 'Taken back');
	expect(await call()).toMatchObject({ status: 200 });
	await b.auth.revoke(b.auth.refreshTokens.at(-1)!, 'flowdeck', 'flowdeck-client-secret');
	await expect.poll(async () => (await call()).status).toBe(502);
	await page.goto('/connections');
	await expect(connectionRow(page, 'Taken back')).toContainText('invalid_grant');
	await expect(connectionRow(page, 'Taken back')).toContainText(/sign.?in|Signed out/i);
});

test('a server in trouble fails the connection, and it heals by itself', async ({ app: page, begin, world }) => {
	const b = await begin({ name: 'In trouble', seconds: 3 }, true);
	const call = await b.call(world.url + '/whoami');
	expect(await call()).toMatchObject({ status: 200 });
	b.auth.failing = 500;
	await expect.poll(async () => (await call()).status).toBe(502);
	const { run } = JSON.parse((await call()).text) as { run: string };
	await page.goto('/runs/' + run);
	await expect(page.getByRole('main'), 'the words of the server').toContainText('the token shop is on fire');
	b.auth.failing = 0;
	await expect.poll(async () => (await call()).status, { timeout: 40_000, message: 'asked again' }).toBe(200);
	await page.goto('/connections');
	await expect(connectionRow(page, 'In trouble')).toContainText('Connected');
});

test('an issuer fills the form in, and what was typed stays', async ({ app: page, begin, world }) => {
	const { auth } = await begin({ name: 'Only its server', client: { token_endpoint_auth_method: 'client_secret_post' } });
	const d = await new ConnectionDialog(page).open('OAuth 2.0 sign-in');
	await d.fill({ Name: 'Discovered', 'Client ID': 'flowdeck', 'Client secret': 'flowdeck-client-secret', Scopes: 'openid customers.read', 'Send it only to': `${new URL(world.url).host}`, 'Test URL': world.url + '/whoami' });
	await d.field('Issuer or discovery URL').fill(auth.url + '/nowhere');
	await d.field('Issuer or discovery URL').press('Enter');
	await expect(d.box.getByRole('alert')).toContainText(/answered 404|names the issuer/);
	await expect(d.field('Client secret')).toHaveValue('flowdeck-client-secret');
	await d.field('Issuer or discovery URL').fill(auth.url);
	await d.box.getByRole('button', { name: 'Fill in' }).click();
	await expect(d.field('Authorize URL')).toHaveValue(auth.authorizeURL);
	await expect(d.field('Token URL')).toHaveValue(auth.tokenURL);
	await expect(d.box).toContainText('The server offers openid, offline_access, customers.read');
	for (const [label, value] of [['Name', 'Discovered'], ['Client secret', 'flowdeck-client-secret'], ['Test URL', world.url + '/whoami']]) await expect(d.field(label), 'typed before').toHaveValue(value);
	await d.box.locator('#conn-more > summary').click();
	await d.box.getByLabel('Client authentication').selectOption('post');
	const [popup] = await Promise.all([page.waitForEvent('popup'), d.box.getByRole('button', { name: 'Connect', exact: true }).click()]);
	await signInAndAllow(popup, 'maya@acme.example');
	await expect(page.getByRole('dialog').getByRole('status')).toContainText('Connected');
	expect(auth.asked.at(-1)).toMatchObject({ status: 200, authorization: '' });
});

test('a service is found by its name and fills the form in', async ({ app: page }) => {
	const d = await new ConnectionDialog(page).open('Basic');
	await d.box.getByText('Start from a service').click();
	const search = d.box.getByRole('searchbox', { name: 'Search services' });
	await search.fill('entra outl');
	await expect(d.box.getByRole('list', { name: 'Services' }).getByRole('button')).toHaveText([/Microsoft 365/]);
	await search.press('Enter');
	await expect(d.field('Token URL')).toHaveValue('https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token');
	await expect(d.field('Tenant')).toHaveValue('common');
	await expect(d.field('Name')).toHaveValue('Microsoft 365');
	await expect(d.box.getByRole('radio', { name: /OAuth 2.0 sign-in/ })).toBeChecked();
	await expect(d.box.locator('#conn-begun')).toBeFocused();
	await expect(search, 'the list closed').toBeHidden();
	await d.field('Tenant').fill('a/b');
	await d.field('Client ID').fill('x');
	await d.field('Client secret').fill('typed');
	await d.box.getByRole('button', { name: 'Connect', exact: true }).click();
	await expect(d.box.getByRole('alert')).toHaveText('Must be like common');
	await expect(d.field('Tenant')).toBeFocused();
	await expect(d.field('Client secret')).toHaveValue('typed');
});

test('a private key is typed where nobody sees it, when it is asked for', async ({ app: page }) => {
	const d = await new ConnectionDialog(page).open('Client credentials');
	await d.box.locator('#conn-more > summary').click();
	const key = d.field('Private key');
	await expect(key).toBeHidden();
	await d.box.getByLabel('Client authentication').selectOption('private_key_jwt');
	await key.fill(pem(p256.privateKey));
	expect(await key.evaluate(e => getComputedStyle(e).getPropertyValue('-webkit-text-security'))).toBe('disc');
	await d.box.getByRole('button', { name: 'Show Private key' }).click();
	expect(await key.evaluate(e => getComputedStyle(e).getPropertyValue('-webkit-text-security'))).toBe('none');
	await d.fill({ Name: 'By key', 'Token URL': 'https://login.acme.example/token', 'Client ID': 'x', 'Send it only to': 'api.acme.example' });
	await key.fill('not a key');
	await d.box.locator('#conn-more > summary').click();
	await expect(key).toBeHidden();
	await d.box.getByRole('button', { name: 'Create connection' }).click();
	await expect(key, 'what is wrong is unfolded').toBeVisible();
	await expect(key).toHaveAttribute('aria-invalid', 'true');
	await expect(d.box.getByRole('alert')).toContainText('Holds no private key');
});
