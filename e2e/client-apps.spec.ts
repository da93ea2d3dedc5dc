import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import newman from 'newman';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import type { Page } from '@playwright/test';
import { endpoint, flow, giveBack, input } from './support/documents.ts';
import { accessible, look, looks, overflowing } from './support/looks.ts';
import { expect, test } from './support/test.ts';

// Endpoints secured with OAuth 2.0, driven in the browser and called by clients that nobody here wrote.

const confirm = async (page: Page, label: string) => page.locator('dialog[open]').last().getByRole('button', { name: label, exact: true }).click();

async function inEveryLook(page: Page, what: string) {
	for (const l of looks) {
		await look(page, l);
		await accessible(page, `${what}, ${l.theme} ${l.width}`, l.theme === 'dark');
		expect.soft((await overflowing(page)).filter(x => !x.startsWith('canvas')), `${what} at ${l.width}`).toEqual([]); // the canvas is behind a dialog
		if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${what}-${l.theme}-${l.width}.png`, fullPage: !what.includes('dialog') });
	}
	await look(page, looks[0]);
}

/** Makes an app through the pages and returns its client id. */
async function newApp(page: Page, name: string, bySecret = false): Promise<string> {
	await page.goto('/apps');
	await page.getByRole('link', { name: 'New client app' }).click();
	const dialog = page.getByRole('dialog', { name: 'New client app' });
	await dialog.getByLabel('Name').fill(name);
	if (bySecret) await dialog.getByRole('radio', { name: 'Client secret' }).check();
	await dialog.getByRole('button', { name: 'Create' }).click();
	await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
	return page.url().match(/\/apps\/([\w-]+)$/)![1]!;
}

async function grant(page: Page) {
	await page.getByRole('button', { name: 'Grant flows.invoke' }).click();
	await confirm(page, 'Grant');
	await expect(page.getByRole('list', { name: 'Granted scopes' })).toContainText('flows.invoke');
}

/** Runs a collection with newman. */
const newmanRun = (options: newman.NewmanRunOptions) => new Promise<newman.NewmanRunSummary>((done, failed) => newman.run(options, (err, summary) => (err ? failed(err) : done(summary))));

const insecure = { algorithm: 'oauth2' as const, execute: [openid.allowInsecureRequests] };

test('an app with a key made in the browser calls a flow, until the key is deactivated', async ({ app, client, flowdeck }) => {
	const id = await client.live(flow('for-apps', endpoint(input('customer_id')), [giveBack({ by: '{{endpoint.caller.name}}', id: '{{endpoint.customer_id}}' })], { security: 'token' }));
	await app.goto('/settings');
	await app.getByRole('link', { name: 'Manage client apps' }).click();
	await inEveryLook(app, 'apps-none');
	const clientID = await newApp(app, 'Back office portal');
	await newApp(app, 'Another app');
	await inEveryLook(app, 'apps-new');
	await app.goto('/apps/' + clientID);

	// The private key stays in the browser: what is sent holds no "d".
	const sent: string[] = [];
	app.on('request', r => { if (r.method() === 'POST') sent.push(decodeURIComponent(r.postData() ?? '')); });
	await app.getByRole('button', { name: 'Generate a key' }).click();
	const dialog = app.getByRole('dialog', { name: 'Generate a key' });
	await dialog.getByRole('button', { name: 'Generate' }).click();
	const [file] = await Promise.all([app.waitForEvent('download'), dialog.getByRole('link', { name: 'Download JWK' }).click()]);
	const jwk = JSON.parse(readFileSync(await file.path(), 'utf8')) as JsonWebKey & { kid: string; alg: string };
	expect(jwk.d).toBeTruthy();
	const [pem] = await Promise.all([app.waitForEvent('download'), dialog.getByRole('link', { name: 'Download PEM' }).click()]);
	expect(readFileSync(await pem.path(), 'utf8')).toContain('-----BEGIN PRIVATE KEY-----');
	await expect(app.locator('#app'), 'the page behind the dialog lists it').toContainText(jwk.kid);
	await inEveryLook(app, 'keygen-dialog');
	await dialog.getByRole('link', { name: 'I have kept it' }).click();
	await expect(app.getByRole('cell', { name: jwk.kid, exact: true })).toBeVisible();
	expect(sent.join('\n')).toContain(jwk.x!);
	expect(sent.join('\n')).not.toContain(jwk.d!);
	await grant(app);

	// The endpoint is secured and the app picked by keyboard.
	await app.goto('/flows/' + id);
	await app.getByRole('button', { name: 'Endpoint settings' }).click();
	const settings = app.getByRole('dialog', { name: 'Endpoint settings' });
	await settings.getByRole('radio', { name: 'OAuth 2.0' }).check();
	await settings.getByRole('radio', { name: 'Select from list' }).check();
	await settings.getByLabel('Find a client app').fill('office');
	await expect(settings.getByRole('listitem').filter({ hasText: 'Another app' })).toBeHidden();
	await settings.getByLabel('Find a client app').press('Enter');
	await expect(settings.getByRole('button', { name: 'Take Back office portal off' })).toBeVisible();
	await inEveryLook(app, 'endpoint-dialog');
	await settings.getByRole('button', { name: 'Save' }).click();
	await expect(settings).toBeHidden();

	// openid-client: discovery, private_key_jwt with ES256.
	const key = await crypto.subtle.importKey('jwk', jwk, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
	const config = await openid.discovery(new URL(flowdeck.url), clientID, undefined, openid.PrivateKeyJwt({ key, kid: jwk.kid }), insecure);
	const call = (token: string) => fetch(flowdeck.url + '/api/flows/for-apps/invoke', { method: 'POST', headers: { Authorization: 'Bearer ' + token, 'Content-Type': 'application/json' }, body: '{"customer_id":"C-1"}' });
	const tokens = await openid.clientCredentialsGrant(config, { scope: 'flows.invoke' });
	const answer = await call(tokens.access_token);
	expect(await answer.json()).toEqual({ by: 'Back office portal', id: 'C-1' });
	await app.goto('/runs/' + answer.headers.get('x-flowdeck-run'));
	await expect(app.getByText('Back office portal').first()).toBeVisible();
	await app.goto('/runs?q=' + clientID);
	await expect(app.locator('main')).toContainText('Back office portal');
	await app.goto('/apps/' + clientID);
	await expect(app.getByRole('table', { name: 'Recent calls' })).toContainText('succeeded');
	await inEveryLook(app, 'app');

	// newman with the generated collection and an assertion that the downloaded key signed: its scripts cannot sign.
	const collection = await (await client.get(`/flows/${id}/endpoint/postman.json`)).json() as object;
	const run = (values: Record<string, string>) => newmanRun({ collection, envVar: Object.entries(values).map(([k, value]) => ({ key: k, value })) });
	const base64url = (b: ArrayBuffer | string) => Buffer.from(b as string).toString('base64url'), now = Math.floor(Date.now() / 1000);
	const unsigned = base64url(JSON.stringify({ alg: 'ES256', kid: jwk.kid })) + '.' + base64url(JSON.stringify({ iss: clientID, sub: clientID, aud: flowdeck.url, jti: crypto.randomUUID(), exp: now + 60 }));
	const client_assertion = unsigned + '.' + base64url(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, new TextEncoder().encode(unsigned)));
	const byKey = await run({ client_id: clientID, client_assertion });
	expect(byKey.run.failures.map(f => f.error.message)).toEqual([]);
	expect(byKey.run.executions.map(e => e.response.code)).toEqual([200, 200]);

	await app.getByRole('button', { name: 'Deactivate the key ' + jwk.kid }).click();
	await confirm(app, 'Deactivate');
	await expect(app.getByRole('button', { name: 'Activate the key ' + jwk.kid })).toBeVisible();
	await expect(openid.clientCredentialsGrant(config)).rejects.toMatchObject({ error: 'invalid_client' });
	const refused = await call(tokens.access_token);
	expect(refused.status).toBe(401);
	expect(refused.headers.get('www-authenticate')).toContain('error="invalid_token"');
});

test('clients that nobody here wrote get in, with secrets and with RS256', async ({ app, client, flowdeck }) => {
	const id = await client.live(flow('open-standard', endpoint(input('n', 'number', true)), [giveBack({ n: '{{endpoint.n}}' })], { security: 'oauth' }));
	const call = (token: string, body = '{"n":1}') => fetch(flowdeck.url + '/api/flows/open-standard/invoke', { method: 'POST', headers: { Authorization: 'Bearer ' + token, 'Content-Type': 'application/json' }, body });
	const secretID = await newApp(app, 'Nightly job', true);
	await grant(app);
	await app.getByRole('button', { name: 'Make a new secret' }).click();
	const secret = (await app.locator('#app-fresh').textContent())!;
	await app.reload();
	await expect(app.locator('#app-fresh')).toHaveCount(0);
	for (const auth of [openid.ClientSecretBasic(secret), openid.ClientSecretPost(secret)]) {
		const config = await openid.discovery(new URL(flowdeck.url), secretID, undefined, auth, insecure);
		const tokens = await openid.clientCredentialsGrant(config);
		expect((await call(tokens.access_token)).status).toBe(200);
		expect(await openid.tokenIntrospection(config, tokens.access_token)).toMatchObject({ active: true, client_id: secretID });
		await openid.tokenRevocation(config, tokens.access_token);
		expect((await call(tokens.access_token)).status).toBe(401);
	}
	const wrong = await openid.discovery(new URL(flowdeck.url), secretID, undefined, openid.ClientSecretBasic('wrong'), insecure);
	await expect(openid.clientCredentialsGrant(wrong)).rejects.toMatchObject({ code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE' });

	// oauth4webapi with an RSA key whose public part is pasted.
	const keyID = await newApp(app, 'Warehouse');
	await grant(app);
	const pair = await crypto.subtle.generateKey({ name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) }, true, ['sign', 'verify']);
	await app.getByRole('link', { name: 'Paste a key' }).click();
	const dialog = app.getByRole('dialog', { name: 'Add a public key' });
	await dialog.getByLabel('Public key').fill(JSON.stringify(await crypto.subtle.exportKey('jwk', pair.privateKey)));
	await dialog.getByRole('button', { name: 'Add' }).click();
	await expect(dialog.getByText('private key. Keep that to yourself')).toBeVisible();
	await dialog.getByLabel('Public key').fill(JSON.stringify({ ...await crypto.subtle.exportKey('jwk', pair.publicKey), kid: 'rsa-1' }));
	await dialog.getByRole('button', { name: 'Add' }).click();
	await expect(app.getByRole('cell', { name: 'rsa-1', exact: true })).toBeVisible();
	const http = { [oauth.allowInsecureRequests]: true };
	const issuer = new URL(flowdeck.url);
	const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { ...http, algorithm: 'oauth2' }));
	const me = { client_id: keyID };
	const ask = async (kid: string) => oauth.processClientCredentialsResponse(as, me, await oauth.clientCredentialsGrantRequest(as, me, oauth.PrivateKeyJwt({ key: pair.privateKey, kid }), new URLSearchParams(), http));
	const token = await ask('rsa-1');
	expect(token.scope).toBe('flows.invoke');
	// It checks our tokens as RFC 9068 says, with the keys that we publish.
	const claims = await oauth.validateJwtAccessToken(as, new Request(flowdeck.url, { headers: { Authorization: 'Bearer ' + token.access_token } }), flowdeck.url + '/api', http);
	expect(claims).toMatchObject({ client_id: keyID, scope: 'flows.invoke', iss: flowdeck.url });
	await expect(ask('other')).rejects.toMatchObject({ error: 'invalid_client' });

	// What the contract says is wrong is listed, and described.
	const bad = await call(token.access_token, '{"n":"many"}');
	expect(bad.status).toBe(400);
	expect(await bad.json()).toMatchObject({ code: 'invalid_input', errors: [{ field: 'n', from: 'body' }] });
	const described = await (await client.get('/openapi.json')).json() as { openapi: string; paths: Record<string, { post: { requestBody: { content: Record<string, { schema: object }> } } }> };
	expect(described.openapi).toBe('3.1.0');
	expect(described.paths['/api/flows/open-standard/invoke']!.post.requestBody.content['application/json']!.schema).toMatchObject({ required: ['n'], properties: { n: { type: 'number' } } });

	// newman with the secret, from a file as people have it.
	const dir = mkdtempSync(join(tmpdir(), 'flowdeck-newman-')), path = join(dir, 'c.json');
	writeFileSync(path, await (await client.get(`/flows/${id}/endpoint/postman.json`)).text());
	const summary = await newmanRun({ collection: path, envVar: [{ key: 'client_id', value: secretID }, { key: 'client_secret', value: secret }] });
	expect(summary.run.failures.map(f => f.error.message)).toEqual([]);
	expect(summary.run.executions.map(e => e.response.code)).toEqual([200, 200]);

	// "Try it" on the page for callers.
	await app.goto(`/flows/${id}/endpoint/docs`);
	await inEveryLook(app, 'endpoint-docs');
	await app.getByRole('textbox', { name: 'Access token' }).fill(token.access_token);
	await app.locator('#try-n').fill('7');
	await app.getByRole('button', { name: 'Send' }).click();
	await expect(app.getByRole('region', { name: 'Answer' })).toContainText('"n": 7');
});
