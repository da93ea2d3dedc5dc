import { Builder } from './support/builder.ts';
import { Client, owner } from './support/client.ts';
import { endpoint, flow, get, giveBack, post } from './support/documents.ts';
import { apart, expect, test } from './support/test.ts';

const draft = (name: string) => flow(name, endpoint({ name: 'id', type: 'text' }), [get('first', 'https://api.example.com/a'), get('second', 'https://api.example.com/b'), giveBack({ ok: 'yes' })]);

/** Types at the end of a field. */
async function typeInto(b: Builder, card: string, label: string, text: string): Promise<void> {
	await b.field(card, label).click();
	await b.page.keyboard.press('Control+End');
	await b.page.keyboard.type(text);
}

test('what is typed is kept without being asked for', async ({ app: page, client }) => {
	const b = await new Builder(page).open(await client.flow(draft('Kept')));
	await typeInto(b, 'First', 'URL', '/typed');
	await b.holds('First', 'URL', 'https://api.example.com/a/typed');
	await page.reload();
	await b.ready();
	await expect(b.field('First', 'URL')).toHaveText('https://api.example.com/a/typed');
	await page.keyboard.press('Control+z');
	await expect(b.field('First', 'URL'), 'undo works after a reload').toHaveText('https://api.example.com/a');
	await page.keyboard.press('Control+Shift+z');
	await expect(b.field('First', 'URL')).toHaveText('https://api.example.com/a/typed');
});

test('two tabs: the second is told, and applies its edit again', async ({ app: page, client }) => {
	const id = await client.flow(draft('Two tabs'));
	const here = await new Builder(page).open(id), there = await new Builder(await page.context().newPage()).open(id);
	await typeInto(here, 'First', 'URL', '/here');
	await here.saved();
	await typeInto(there, 'Second', 'URL', '/there');
	const banner = there.page.locator('#conflict');
	await expect(banner).toContainText('in another tab');
	await expect(there.field('First', 'URL'), 'the other change is shown').toHaveText('https://api.example.com/a/here');
	await banner.getByRole('button', { name: 'Apply it again' }).click();
	await there.holds('Second', 'URL', 'https://api.example.com/b/there');
	await expect(banner).not.toContainText('in another tab');
	const { document } = await client.exported(id);
	expect(JSON.stringify(document)).toContain('/a/here');
	expect(JSON.stringify(document)).toContain('/b/there');
});

test('two tabs: the second lets its edit go', async ({ app: page, client }) => {
	const id = await client.flow(draft('Let go'));
	const here = await new Builder(page).open(id), there = await new Builder(await page.context().newPage()).open(id);
	await typeInto(here, 'First', 'URL', '/here');
	await here.saved();
	await typeInto(there, 'First', 'URL', '/there');
	await there.page.locator('#conflict').getByRole('button', { name: 'Discard it' }).click();
	await there.field('Second', 'URL').click();
	await expect(there.field('First', 'URL')).toHaveText('https://api.example.com/a/here');
	await typeInto(there, 'Second', 'URL', '/after');
	await there.holds('Second', 'URL', 'https://api.example.com/b/after');
	expect(JSON.stringify((await client.exported(id)).document)).not.toContain('/there');
});

test('two tabs: what was let go is not shown in plain fields either', async ({ app: page, client }) => {
	const id = await client.flow(draft('Let go, plain'));
	const here = await new Builder(page).open(id), there = await new Builder(await page.context().newPage()).open(id);
	await typeInto(here, 'First', 'URL', '/here');
	await here.saved();
	const status = there.page.locator('#f-second-accept_status');
	await status.evaluate(e => { for (let d = e.closest('details'); d; d = d.parentElement!.closest('details')) d.open = true; });
	await status.fill('404');
	await there.page.locator('#conflict').getByRole('button', { name: 'Discard it' }).click();
	await expect(there.page.locator('#conflict')).toBeEmpty();
	await expect(status).toHaveValue('');
});

test('an edit whose answer was lost on the way is made once, and is no conflict', async ({ app: page, client }) => {
	const id = await client.flow(draft('Lost answer'));
	const b = await new Builder(page).open(id);
	await page.route('**/edit', async route => { await route.fetch(); await route.abort('connectionreset'); }, { times: 1 });
	await b.menu('First', /Duplicate/);
	await expect(page.locator('#saved')).toHaveText(/^\s*Saved/);
	await expect.poll(() => b.titles()).toHaveLength(5);
	await expect(page.locator('#conflict')).toBeEmpty();
});

test('two choices about failures, made while an edit before them is answered, both count', async ({ app: page, client }) => {
	const id = await client.flow(flow('Both count', endpoint(), [post('order', 'https://api.example.com/a')]));
	const b = await new Builder(page).open(id);
	const waiting: (() => void)[] = [];
	await page.route('**/edit', async route => { await new Promise<void>(r => waiting.push(r)); await route.continue(); });
	const answer = async () => { await expect.poll(() => waiting.length).toBe(1); const landed = page.waitForResponse('**/edit'); waiting.shift()!(); await landed; };
	await b.card('Order').getByText('If it fails').click();
	await typeInto(b, 'Order', 'URL', '/typed');
	await expect.poll(() => waiting.length).toBe(1);
	const then = b.card('Order').getByLabel('Then', { exact: true }), doubt = b.card('Order').getByLabel('If a crash hid the answer');
	await then.focus();
	await then.selectOption('continue');
	await doubt.focus();
	await answer(); // to the address: the choice is still on its way
	await b.holds('Order', 'URL', 'https://api.example.com/a/typed');
	await doubt.selectOption('repeat');
	await answer();
	await answer();
	await b.saved();
	await expect(then).toHaveValue('continue');
	await expect(doubt).toHaveValue('repeat');
});

test('an answer that breaks off in the middle is asked for again', async ({ app: page, client }) => {
	const b = await new Builder(page).open(await client.flow(draft('Broken off')));
	await page.evaluate(() => { // as when the network goes away behind the head of the answer
		const whole = Response.prototype.text;
		Response.prototype.text = function () { Response.prototype.text = whole; return Promise.reject(new TypeError('network error')); };
	});
	await typeInto(b, 'First', 'URL', '/one');
	await b.holds('First', 'URL', 'https://api.example.com/a/one');
	await typeInto(b, 'First', 'URL', '/two');
	await b.holds('First', 'URL', 'https://api.example.com/a/one/two');
	await expect(page.locator('#conflict')).toBeEmpty();
});

for (const status of [413, 403, 404]) {
	test(`what the server turns down with ${status} is kept, said, and sent again`, async ({ app: page, client }) => {
		const id = await client.flow(draft(`Turned down ${status}`));
		const b = await new Builder(page).open(id);
		await page.route('**/edit', route => route.fulfill({ status }), { times: 1 });
		await typeInto(b, 'First', 'URL', '/kept');
		const note = page.locator('#unsaved');
		await expect(note).toContainText('Not saved: First.');
		await typeInto(b, 'Second', 'URL', '/other'); // its answer draws the page anew
		await b.holds('Second', 'URL', 'https://api.example.com/b/other');
		await expect(b.field('First', 'URL')).toHaveText('https://api.example.com/a/kept');
		await expect(page.locator('#saved')).toHaveText(/Not saved/);
		await expect(note.locator('fd-copy')).toHaveAttribute('data-copy', 'https://api.example.com/a/kept');
		await note.getByRole('button', { name: 'Try again' }).click();
		await b.holds('First', 'URL', 'https://api.example.com/a/kept');
		await b.saved();
		await expect(note).toBeEmpty();
		expect(JSON.stringify((await client.exported(id)).document)).toContain('/a/kept');
	});
}

test('what was turned down can be let go, or typed otherwise', async ({ app: page, client }) => {
	const b = await new Builder(page).open(await client.flow(draft('Turned down, let go')));
	const note = page.locator('#unsaved'), accepts = page.locator('#f-second-accept_status');
	await page.route('**/edit', route => route.fulfill({ status: 413 }), { times: 1 });
	await typeInto(b, 'First', 'URL', '/large');
	await note.getByRole('button', { name: 'Discard it' }).click();
	await expect(note).toBeEmpty();
	await expect(b.field('First', 'URL')).toHaveText('https://api.example.com/a');
	await accepts.evaluate(e => { for (let d = e.closest('details'); d; d = d.parentElement!.closest('details')) d.open = true; });
	await page.route('**/edit', route => route.fulfill({ status: 413 }), { times: 1 });
	await accepts.fill('404');
	await expect(note).toContainText('Not saved: Second.');
	await accepts.fill('405');
	await expect(note).toBeEmpty();
	await b.saved();
	await expect(accepts).toHaveValue('405');
});

test('the flow is searched while an edit waits for a decision', async ({ app: page, client }) => {
	const b = await new Builder(page).open(await client.flow(draft('Searched meanwhile')));
	await page.route('**/edit', route => route.fulfill({ status: 413 }), { times: 1 });
	await typeInto(b, 'First', 'URL', '/large');
	await expect(page.locator('#unsaved')).toContainText('Not saved: First.');
	await page.keyboard.press('Control+f');
	await page.keyboard.type('example.com/b');
	await expect(page.locator('#findbar .count')).toHaveText('1 of 1');
	await expect(page.locator('#findbar input')).toBeFocused();
	await expect(page.locator('#findbar input')).toHaveValue('example.com/b');
});

test('a name that is being typed is handed in when the page is closed', async ({ app: page, client }) => {
	const id = await client.flow(draft('Closed while naming'));
	const b = await new Builder(page).open(id), asked = page.waitForEvent('dialog');
	await b.card('First').locator('[data-title]').dblclick();
	await page.keyboard.type('Renamed');
	const closed = page.close({ runBeforeUnload: true });
	const dialog = await asked; // it is on its way
	expect(dialog.type()).toBe('beforeunload');
	await expect.poll(async () => JSON.stringify((await client.exported(id)).document)).toContain('Renamed');
	await dialog.accept();
	await closed;
});

test('an edit made offline is kept and sent later', async ({ app: page, client }) => {
	const id = await client.flow(draft('Offline'));
	const b = await new Builder(page).open(id);
	await page.context().setOffline(true);
	await typeInto(b, 'First', 'URL', '/offline');
	await expect(page.locator('#saved')).toContainText('Not saved: offline');
	await b.menu('Second', /Delete/);
	await page.context().setOffline(false);
	await b.holds('First', 'URL', 'https://api.example.com/a/offline');
	await expect(b.card('Second')).toHaveCount(0);
	await b.saved();
	expect(JSON.stringify((await client.exported(id)).document)).toContain('/a/offline');
});

test('whoever does not sign in again at once is told what is not saved, and can later', async ({ app: page, client }) => {
	const b = await new Builder(page).open(await client.flow(draft('Not now')));
	await page.context().clearCookies();
	await typeInto(b, 'First', 'URL', '/away');
	const dialog = page.getByRole('dialog', { name: 'Sign in again' });
	await dialog.getByRole('button', { name: 'Not now' }).click();
	await expect(dialog).toHaveCount(0);
	await expect(page.locator('#saved')).toContainText('Not saved');
	await typeInto(b, 'Second', 'URL', '/too');
	await expect(page.locator('#saved')).toContainText('Not saved');
	await page.getByRole('button', { name: 'Sign in' }).click();
	await dialog.getByLabel('Email').fill(owner.email);
	await dialog.getByLabel('Password').fill(owner.password);
	await dialog.getByRole('button', { name: 'Sign in' }).click();
	await b.holds('First', 'URL', 'https://api.example.com/a/away');
	await b.holds('Second', 'URL', 'https://api.example.com/b/too');
	await expect(page.locator('#saved')).toHaveText(/^\s*Saved/);
});

test('a session that ended asks to sign in again and loses nothing', async ({ app: page, client }) => {
	const b = await new Builder(page).open(await client.flow(draft('Away')));
	await page.context().clearCookies();
	await typeInto(b, 'First', 'URL', '/away');
	const dialog = page.getByRole('dialog', { name: 'Sign in again' });
	await dialog.getByLabel('Email').fill(owner.email);
	await dialog.getByLabel('Password').fill('not the password');
	await dialog.getByRole('button', { name: 'Sign in' }).click();
	await expect(dialog.getByRole('alert')).toContainText('not right');
	await dialog.getByLabel('Password').fill(owner.password);
	await dialog.getByRole('button', { name: 'Sign in' }).click();
	await expect(dialog).toBeHidden();
	await b.holds('First', 'URL', 'https://api.example.com/a/away');
});

test('a card that is cut after the session has ended stays, and nothing else is copied', async ({ app: page, client }) => {
	const b = await new Builder(page).open(await client.flow(draft('Cut away')));
	await page.context().clearCookies();
	await b.card('First').focus();
	await page.keyboard.press('Control+f');
	await page.keyboard.type('a');
	const dialog = page.getByRole('dialog', { name: 'Sign in again' });
	await dialog.getByRole('button', { name: 'Not now' }).click();
	await expect(page.locator('#findbar .count')).toHaveText('');
	await page.keyboard.press('Escape');
	await b.card('First').focus();
	await page.keyboard.press('Control+x');
	await dialog.getByLabel('Email').fill(owner.email);
	await dialog.getByLabel('Password').fill(owner.password);
	await dialog.getByRole('button', { name: 'Sign in' }).click();
	await expect(dialog).toBeHidden();
	await b.saved();
	expect(await b.titles()).toContain('First');
	expect(await page.evaluate(() => localStorage.getItem('fd-clip') ?? '')).not.toContain('<html');
});

apart('the server is killed while somebody types; the edit arrives after its restart', async ({ page, own: flowdeck }) => {
	const client = await Client.setUp(flowdeck.url, flowdeck.setupURL);
	await client.lend(page.context());
	const id = await client.flow(draft('Killed'));
	await page.goto(`${flowdeck.url}/flows/${id}`);
	const b = new Builder(page);
	await b.ready();
	await typeInto(b, 'First', 'URL', '/before');
	await b.saved();
	await b.field('First', 'URL').click();
	await page.keyboard.press('Control+End');
	await page.keyboard.type('/dur');
	await flowdeck.kill();
	await page.keyboard.type('ing');
	await expect(page.locator('#saved')).toContainText('Not saved');
	await flowdeck.start();
	await b.holds('First', 'URL', 'https://api.example.com/a/before/during');
	await expect(page.locator('#saved')).toContainText('Saved');
	expect(JSON.stringify((await client.exported(id)).document)).toContain('/a/before/during');
});
