import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { Builder } from './support/builder.ts';
import { close, endpoint, flow, input, post } from './support/documents.ts';
import { accessible as sound, look, looks } from './support/looks.ts';
import { expect, test } from './support/test.ts';

/** Nothing that axe knows of is wrong, on a desk in light and on a phone in dark. */
async function accessible(page: Page, what: string) {
	for (const l of [looks[0], looks[3]]) {
		await look(page, l);
		await sound(page, `${what}, ${l.theme}, ${l.width}`);
		expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), `${what} at ${l.width} is wider than the page`).toBeLessThanOrEqual(0);
	}
	await page.setViewportSize({ width: 1440, height: 900 });
}

const contacts = (url: string, body: string) => post('send', url + '/contacts?from=tools', body);

test('a card that writes shows what it would send, sends it, and answers from the recording', async ({ app: page, client, world }) => {
	const id = await client.flow(flow('Safe test', endpoint(input('email')), [contacts(world.url, '{"email":"{{endpoint.email}}"}'), close('reply', 200, '{"id":"{{send.body.id}}"}')]));
	const b = await new Builder(page).open(id), mine = () => world.calls('/contacts').filter(s => s.path.includes('tools'));
	await b.menu('Send', /Test this card/);
	await b.drawer.getByRole('textbox').first().fill("it's@maya.example");
	await b.drawer.getByRole('button', { name: 'Run test' }).click();
	const preview = b.drawer.getByRole('region', { name: /This would be sent to 127/ });
	await expect(preview).toContainText('/contacts?from=tools');
	await expect(preview).toContainText('Idempotency-Key');
	await expect(preview).toContainText(`{"email":"it's@maya.example"}`);
	await expect(preview.getByRole('heading'), 'reading goes on at the preview').toBeFocused();
	await expect(b.drawer.getByRole('button', { name: 'Answer from the last recording' })).toBeDisabled();
	await expect(b.drawer).toContainText('There is no recording');
	expect(mine(), 'nothing was sent').toEqual([]);
	await accessible(page, 'preview');

	await b.drawer.getByRole('textbox').first().fill('ana@maya.example');
	await b.drawer.getByRole('button', { name: 'Send it' }).click();
	await expect(b.drawer.getByRole('heading', { name: 'What would be sent has changed' })).toBeFocused();
	expect(mine(), 'what was not shown is not sent').toEqual([]);
	await page.keyboard.press('Control+Enter');
	await expect(b.drawer.getByRole('heading', { name: /This would be sent/ })).toBeFocused();
	await b.drawer.getByRole('button', { name: 'Send it' }).press('Enter');
	await expect(b.drawer.locator('#test-status')).toContainText('201 Created');
	await expect(b.drawer.locator('#test-status')).toBeFocused();
	expect(mine().map(s => s.body)).toEqual(['{"email":"ana@maya.example"}']);

	await b.drawer.getByRole('button', { name: 'Run test' }).click();
	await expect(b.drawer).toContainText(/recorded just now in a test by Maya/);
	await b.drawer.getByRole('button', { name: 'Answer from the last recording' }).click();
	await expect(b.drawer).toContainText('From a recording made just now');
	await b.drawer.getByRole('tab', { name: 'Output' }).click();
	await expect(b.drawer.getByRole('tabpanel', { name: 'Output' })).toContainText('201');
	expect(mine().length, 'a recording calls nobody').toBe(1);

	await b.menu('Send', /Test this card/);
	await expect(b.drawer.getByRole('textbox').first(), 'what was typed last').toHaveValue('ana@maya.example');
	await expect(b.drawer).toContainText('as you typed it last');
});

test('values of an earlier run fill the drawer', async ({ app: page, client, flowdeck, world }) => {
	const id = await client.live(flow('From a run', endpoint(input('email')), [contacts(world.url, '{"email":"{{endpoint.email}}"}')]));
	for (const email of ['first@maya.example', 'second@maya.example']) await fetch(flowdeck.url + '/api/flows/from-a-run/invoke', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ email }) });
	const b = await new Builder(page).open(id);
	await b.menu('Send', /Test this card/);
	await expect(b.drawer.getByRole('textbox').first()).toHaveValue('second@maya.example');
	await b.drawer.getByText('Use values from a run').click();
	const runs = b.drawer.getByRole('combobox', { name: 'Run' });
	await expect(runs.locator('option')).toHaveCount(2);
	await runs.selectOption({ label: (await runs.locator('option').nth(1).textContent())! });
	await b.drawer.getByRole('button', { name: 'Use its values' }).click();
	await expect(b.drawer.getByRole('textbox').first()).toHaveValue('first@maya.example');
	await expect(b.drawer).toContainText('from the run of');
	await accessible(page, 'values of a run');
});

test('the sign-in of a command that was not taken is not for another card', async ({ app: page, client, world }) => {
	const id = await client.flow(flow('Not taken', endpoint(), [close('reply', 200, '{}')]));
	const b = await new Builder(page).open(id), there = await new Builder(await page.context().newPage()).open(id);
	await b.after('API Endpoint').click();
	await page.getByRole('dialog', { name: 'Add a card' }).getByRole('combobox').fill('curl');
	await page.keyboard.press('Enter');
	const dialog = page.getByRole('dialog', { name: 'Import cURL' });
	await dialog.getByRole('textbox', { name: 'Command' }).fill(`curl '${world.url}/echo' -u maya:hunter22`);
	await dialog.getByRole('button', { name: 'Show what it makes' }).click();
	await expect(dialog).toContainText('Basic as “maya”');
	await there.add('Note', there.after('API Endpoint'));
	await there.page.close();
	await dialog.getByRole('button', { name: 'Add and set up the connection' }).click();
	await page.locator('#conflict').getByRole('button', { name: 'Discard it' }).click();
	const begun: string[] = [];
	page.on('request', r => { if (r.url().endsWith('/connections/curl')) begun.push(r.url()); });
	await b.add('Get', b.after('API Endpoint'));
	await expect(b.field('Get', 'URL')).toBeFocused();
	expect(begun, 'no connection is begun').toEqual([]);
});

test('a command becomes a card, and its sign-in a connection', async ({ app: page, client, world }) => {
	const id = await client.flow(flow('Import', endpoint(), [close('reply', 200, '{}')]));
	const b = await new Builder(page).open(id);
	await b.after('API Endpoint').click();
	const picker = page.getByRole('dialog', { name: 'Add a card' });
	await picker.getByRole('combobox').fill('curl');
	await page.keyboard.press('Enter');
	const dialog = page.getByRole('dialog', { name: 'Import cURL' }), text = dialog.getByRole('textbox', { name: 'Command' });
	await text.fill(`curl '${world.url}/echo?a=1 \\\n -k`);
	await dialog.getByRole('button', { name: 'Show what it makes' }).click();
	await expect(dialog.getByRole('alert')).toContainText('Line 1, column 6');
	await expect(text).toHaveAttribute('aria-invalid', 'true');
	await accessible(page, 'a mistake in a command');
	await text.fill(`curl '${world.url}/echo?a=1' \\\n -k -u maya:hunter22 \\\n --json '{"name":"it'\\''s"}'`);
	await dialog.getByRole('button', { name: 'Show what it makes' }).click();
	await expect(dialog).toContainText('This makes a Post card');
	await expect(dialog).toContainText('certificates are always checked');
	await expect(dialog).toContainText('Basic as “maya”');
	await accessible(page, 'what a command makes');
	await dialog.getByRole('button', { name: 'Add and set up the connection' }).click();

	const connection = page.getByRole('dialog', { name: 'New connection' });
	await expect(connection).toContainText('Filled in from the command');
	await expect(connection.getByRole('textbox', { name: 'Username' })).toHaveValue('maya');
	expect(await connection.innerHTML(), 'the secret is not in the page').not.toContain('hunter22');
	await connection.getByRole('button', { name: 'Create connection' }).click();
	await expect(connection).toBeHidden();
	const document = JSON.stringify((await client.exported(id)).document);
	expect(document).toContain('{\\"name\\":\\"it\'s\\"}');
	expect(document, 'the password is not in the flow').not.toContain('hunter22');

	await b.menu('POST /echo', /Test this card/);
	await b.drawer.getByRole('button', { name: 'Run test' }).click();
	await expect(b.drawer.getByRole('region', { name: /This would be sent/ })).toContainText('from 127.0.0.1');
	await b.drawer.getByRole('button', { name: 'Send it' }).click();
	await expect(b.drawer.locator('#test-status')).toContainText('200 OK');
	expect(world.calls('/echo').at(-1)!.headers.authorization).toBe('Basic ' + Buffer.from('maya:hunter22').toString('base64'));
});

test('a failed attempt says what changed, gives a command and an archive', async ({ app: page, client, flowdeck, world, context }) => {
	await context.grantPermissions(['clipboard-read', 'clipboard-write']);
	const id = await client.live(flow('Since', endpoint(input('id'), input('note')), [post('send', world.url + '/customers/{{endpoint.id}}', '{"note":"{{endpoint.note}}","n":1}')]));
	const invoke = (body: object) => fetch(flowdeck.url + '/api/flows/since/invoke', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
	expect((await invoke({ id: 'C-1', note: 'fine' })).status).toBe(200);
	expect((await invoke({ id: 'C-404', note: "it's bad" })).status).toBe(502);
	await page.goto(`/flows/${id}/runs`);
	await page.locator('#runs-first a').first().click();
	await page.locator('#run-tree').getByRole('link', { name: /Send/ }).click();
	const card = page.getByRole('region', { name: 'Card input and output' });
	await expect(card).toContainText('Since it last worked');
	await expect(card).toContainText('the address changed “path”');
	await accessible(page, 'a failed attempt');
	await card.getByRole('button', { name: 'Copy as cURL' }).first().click();
	expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(`--data-raw '{"n":1,"note":"it'\\''s bad"}'`);
	await card.getByRole('tab', { name: 'Compare' }).click();
	const rows = card.getByRole('region', { name: 'Request body' }).getByRole('row', { name: /note/ });
	await expect(rows).toContainText('changed');
	await expect(rows.locator('del')).toHaveText('"fine"');
	await expect(card.getByRole('region', { name: 'Answer' })).toContainText('404');
	await accessible(page, 'compare');
	const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download this run as HAR' }).click()]);
	const { log } = JSON.parse(readFileSync((await file.path())!, 'utf8')) as { log: { version: string; entries: { response: { status: number } }[] } };
	expect([log.version, log.entries.map(e => e.response.status)]).toEqual(['1.2', [404]]);
});
