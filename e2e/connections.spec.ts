import { connectionMenu, ConnectionDialog, connectionRow } from './support/connections.ts';
import { endpoint, flow, get, giveBack } from './support/documents.ts';
import { AuthServer, signInAndAllow } from './support/oidc.ts';
import { expect, test } from './support/test.ts';

const host = (url: string) => new URL(url).host;

test('Basic: made, tested, its secret nowhere to be read', async ({ app: page, client, flowdeck, world }) => {
	const d = await new ConnectionDialog(page).open('Basic');
	await d.box.getByRole('button', { name: 'Create connection' }).click();
	await expect(d.field('Name')).toBeFocused();
	await d.fill({ Name: 'Customers by password', 'Send it only to': 'https://not a host' });
	await d.box.getByRole('button', { name: 'Create connection' }).click();
	await expect(d.field('Username'), 'the first field that is wrong').toBeFocused();
	await expect(d.field('Username')).toHaveAttribute('aria-invalid', 'true');
	await expect(d.field('Send it only to')).toHaveAttribute('aria-invalid', 'true');
	await expect(d.field('Name'), 'what was right is kept').toHaveValue('Customers by password');
	await d.fill({ Name: 'Customers by password', Username: 'maya', Password: 'pä$$ word', 'Send it only to': host(world.url), 'Test URL': world.url + '/customers/C-1?auth=basic' });
	await d.create();

	const row = connectionRow(page, 'Customers by password');
	await row.getByRole('button', { name: 'Test Customers by password' }).click();
	await expect(row).toContainText('Connected');
	expect(world.calls('/customers/C-1').at(-1)!.headers.authorization).toBe('Basic ' + Buffer.from('maya:pä$$ word').toString('base64'));

	const id = (await row.getAttribute('id'))!.replace('row-', '');
	for (const at of ['/connections', `/connections/${id}`, `/connections/${id}/edit`]) expect(await (await client.get(at)).text(), at).not.toContain('pä$$ word');
	expect(flowdeck.filesWith('pä$$ word')).toEqual([]);
	expect(flowdeck.output).not.toContain('pä$$ word');
});

test('a secret is replaced, or kept when it is left alone', async ({ app: page, world }) => {
	const d = await new ConnectionDialog(page).open('Basic');
	await d.fill({ Name: 'Replaceable', Username: 'maya', Password: 'wrong', 'Send it only to': host(world.url), 'Test URL': world.url + '/customers/C-1?auth=basic' });
	await d.create();
	const row = connectionRow(page, 'Replaceable');
	await row.getByRole('button', { name: 'Test Replaceable' }).click();
	await expect(row).toContainText('401');

	await connectionMenu(page, 'Replaceable', 'Edit…');
	const dialog = page.getByRole('dialog');
	await expect(dialog.getByRole('textbox', { name: /^Password/ })).toHaveValue('');
	await dialog.getByRole('button', { name: 'Replace Password' }).click();
	await dialog.getByRole('textbox', { name: /^Password/ }).fill('pä$$ word');
	await dialog.getByRole('button', { name: /Save/ }).click();
	await expect(dialog).toBeHidden();
	await row.getByRole('button', { name: 'Test Replaceable' }).click();
	await expect(row).toContainText('Connected');

	await connectionMenu(page, 'Replaceable', 'Edit…');
	await dialog.getByRole('textbox', { name: /^Username/ }).fill('maya');
	await dialog.getByRole('button', { name: /Save/ }).click();
	await expect(dialog).toBeHidden();
	const calls = world.calls('/customers/C-1').length;
	await connectionMenu(page, 'Replaceable', 'Test');
	await expect.poll(() => world.calls('/customers/C-1').length).toBe(calls + 1);
	expect(world.calls('/customers/C-1').at(-1)!.headers.authorization, 'the password was kept').toBe('Basic ' + Buffer.from('maya:pä$$ word').toString('base64'));
});

test('Custom header and None', async ({ app: page, world, flowdeck }) => {
	const d = await new ConnectionDialog(page).open('Custom header');
	await d.fill({ Name: 'Keyed' });
	await d.box.getByRole('textbox', { name: /name/i }).nth(1).fill('X-Api-Key');
	await d.box.getByRole('textbox', { name: /value/i }).first().fill('k-123');
	await d.fill({ 'Send it only to': host(world.url), 'Test URL': world.url + '/key' });
	await d.create();
	const row = connectionRow(page, 'Keyed');
	await row.getByRole('button', { name: 'Test Keyed' }).click();
	await expect(row).toContainText('Connected');
	expect(world.calls('/key').at(-1)!.headers['x-api-key']).toBe('k-123');
	expect(flowdeck.filesWith('k-123')).toEqual([]);

	const none = await new ConnectionDialog(page).open('None');
	await none.fill({ Name: 'Open to all' });
	await none.create();
	await expect(connectionRow(page, 'Open to all')).toBeVisible();
});

test('Client credentials: a token is fetched, used and kept sealed', async ({ app: page, client, world, flowdeck }) => {
	const auth = await new AuthServer().start([{ client_id: 'backoffice', client_secret: 'client-secret-1', grant_types: ['client_credentials'], redirect_uris: [], response_types: [], scope: 'customers.read' }]);
	try {
		const d = await new ConnectionDialog(page).open('Client credentials');
		await d.fill({ Name: 'Machine', 'Token URL': auth.tokenURL, Scopes: 'customers.read', 'Client ID': 'backoffice', 'Client secret': 'client-secret-1', 'Send it only to': host(world.url), 'Test URL': world.url + '/whoami' });
		await d.create();
		const row = connectionRow(page, 'Machine');
		await row.getByRole('button', { name: 'Test Machine' }).click();
		await expect(row).toContainText('Connected');
		const token = world.calls('/whoami').at(-1)!.headers.authorization!.replace('Bearer ', '');
		expect(flowdeck.filesWith('client-secret-1')).toEqual([]);
		expect(flowdeck.filesWith(token)).toEqual([]);

		const id = (await row.getAttribute('id'))!.replace('row-', '');
		await client.live(flow('Machine call', endpoint(), [get('me', world.url + '/whoami', { connection: id }), giveBack({ said: '{{me.body.authorization}}' })]));
		const said = await (await fetch(flowdeck.url + '/api/flows/machine-call/invoke')).text();
		expect(said, 'a service that echoes the token does not give it away').not.toContain(token);
	} finally { await auth.stop(); }
});

test('where a connection is used, and why it cannot be deleted', async ({ app: page, client, world }) => {
	const d = await new ConnectionDialog(page).open('Basic');
	await d.fill({ Name: 'In use', Username: 'maya', Password: 'secret-in-use', 'Send it only to': host(world.url) });
	await d.create();
	const id = (await connectionRow(page, 'In use').getAttribute('id'))!.replace('row-', '');
	await client.live(flow('Uses it', endpoint(), [get('customer', world.url + '/customers/C-1', { connection: id })]));
	await page.goto('/connections');
	await expect(connectionRow(page, 'In use')).toContainText('1 flow');
	await connectionRow(page, 'In use').getByRole('link', { name: 'In use', exact: true }).click();
	await expect(page.locator('#drawer')).toContainText('Uses it');
	await page.locator('#drawer').getByRole('button', { name: 'Close' }).click();

	await connectionMenu(page, 'In use', 'Delete…');
	const dialog = page.getByRole('dialog');
	await expect(dialog).toContainText('Uses it');
	await expect(dialog.getByRole('button', { name: /^Delete/ })).toHaveCount(0);
	await page.keyboard.press('Escape');

	const free = await new ConnectionDialog(page).open('None');
	await free.fill({ Name: 'Unused' });
	await free.create();
	await connectionMenu(page, 'Unused', 'Delete…');
	await dialog.getByRole('button', { name: /^Delete/ }).click();
	await expect(connectionRow(page, 'Unused')).toHaveCount(0);
});

test('connections are searched and renamed', async ({ app: page }) => {
	for (const name of ['Alpha ledger', 'Beta ledger']) {
		const d = await new ConnectionDialog(page).open('None');
		await d.fill({ Name: name });
		await d.create();
	}
	const d = await new ConnectionDialog(page).open('None');
	await d.fill({ Name: 'Alpha ledger' });
	await d.box.getByRole('button', { name: 'Create connection' }).click();
	await expect(d.field('Name'), 'a name that is taken').toHaveAttribute('aria-invalid', 'true');
	await page.keyboard.press('Escape');

	await page.getByRole('searchbox').fill('ledger');
	await expect(page.locator('#list tbody tr')).toHaveCount(2);
	await page.getByRole('searchbox').fill('beta');
	await expect(page.locator('#list tbody tr')).toHaveCount(1);
	await connectionMenu(page, 'Beta ledger', 'Rename…');
	await page.getByRole('dialog').getByLabel('Name').fill('Beta books');
	await page.getByRole('dialog').getByRole('button', { name: /Rename|Save/ }).click();
	await expect(connectionRow(page, 'Beta books')).toBeVisible();
});

test('what will stop is said before it stops: a renewal is rehearsed, the flows are named, and all is well again', async ({ app: page, client, world, flowdeck }) => {
	const auth = await new AuthServer().start([{ client_id: 'flowdeck', client_secret: 'flowdeck-client-secret', redirect_uris: [flowdeck.url + '/oauth/callback'], grant_types: ['authorization_code', 'refresh_token'], scope: 'openid offline_access customers.read' }]);
	try {
		const d = await new ConnectionDialog(page).open('OAuth 2.0 sign-in');
		await d.fill({ Name: 'Long lived', 'Authorize URL': auth.authorizeURL, 'Token URL': auth.tokenURL, Scopes: 'openid customers.read', 'Client ID': 'flowdeck', 'Client secret': 'flowdeck-client-secret', 'Send it only to': host(world.url) });
		const [popup] = await Promise.all([page.waitForEvent('popup'), d.box.getByRole('button', { name: 'Connect' }).click()]);
		await signInAndAllow(popup, 'maya@acme.example');
		await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click();
		const row = connectionRow(page, 'Long lived');
		const id = (await row.getAttribute('id'))!.replace('row-', '');
		await client.live(flow('Nightly orders', endpoint(), [get('me', world.url + '/whoami', { connection: id }), giveBack({ status: '{{me.status_code}}' })]));

		await row.getByRole('link', { name: 'Long lived' }).click();
		const drawer = page.locator('#drawer'), rehearse = drawer.getByRole('button', { name: 'Rehearse the renewal now' });
		await rehearse.click();
		await expect(drawer.getByRole('alert')).toContainText('The renewal works');
		await expect(drawer).toContainText('a new one, stored before anything uses it');
		await expect(drawer).not.toContainText(auth.refreshTokens.at(-1)!);
		expect(auth.asked.at(-1)!.params.grant_type).toBe('refresh_token');

		auth.failing = 403;
		await rehearse.click();
		await expect(drawer.getByRole('alert')).toContainText('the token shop is on fire');
		await expect(drawer.getByRole('alert')).toContainText('goes on working until');
		await expect(row).toContainText('Ends in');
		const notice = page.locator('.page > .note');
		await expect(notice).toContainText('1 flow stops at');
		await expect(notice.getByRole('link', { name: 'Nightly orders' })).toBeVisible();
		await page.goto('/flows');
		await expect(notice).toContainText('1 flow stops at');
		expect((await fetch(flowdeck.url + '/api/flows/nightly-orders/invoke')).status, 'the token that works is kept').toBe(200);

		auth.failing = 0;
		await notice.getByRole('link', { name: 'Look at the connection' }).click();
		await expect(drawer).toContainText('Nightly orders');
		await drawer.getByRole('button', { name: 'Rehearse the renewal now' }).first().click();
		await expect(drawer.getByRole('alert')).toContainText('The renewal works');
		await expect(row).toContainText('Connected');
		await expect(notice).toHaveCount(0);

		const day = new Date(Date.now() + 9 * 86400e3).toISOString().slice(0, 10);
		await drawer.getByLabel(/^The last day/).fill(day);
		await drawer.getByRole('button', { name: 'Note it' }).click();
		await expect(notice).toContainText('1 flow stops on');
		await expect(row).toContainText('Ends in 9 days');
	} finally { await auth.stop(); }
});
