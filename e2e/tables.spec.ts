import { Builder } from './support/builder.ts';
import { owner } from './support/client.ts';
import { endpoint, flow, input } from './support/documents.ts';
import { accessible, look, looks, overflowing } from './support/looks.ts';
import { expect, test } from './support/test.ts';

test('a table is made, filled in by hand and from a file, and used by a flow', async ({ app: page, client }) => {
	await page.goto('/tables');
	await page.getByRole('button', { name: 'New table' }).click();
	await page.getByRole('dialog').getByLabel('Name').fill('People');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('heading', { level: 1, name: 'People' })).toBeVisible();

	// Columns: one more, the first made unique.
	await page.getByRole('button', { name: 'Columns' }).click();
	const columns = page.getByRole('dialog', { name: 'Columns' });
	await columns.getByLabel('Unique').check();
	await columns.getByRole('button', { name: 'Add a column' }).click();
	await expect(columns.getByRole('textbox', { name: 'Name' }).nth(1)).toBeFocused();
	await page.keyboard.type('Age');
	await columns.getByLabel('Type').nth(1).selectOption('Number');
	await accessible(page, 'columns');
	await columns.getByRole('button', { name: 'Save columns' }).click();
	await expect(columns).toBeHidden();

	// A row by its dialog, with a value that does not fit first.
	await page.getByRole('button', { name: 'Add row' }).first().click();
	const row = page.getByRole('dialog', { name: 'New row of People' });
	await row.getByLabel('Name').fill('Maya');
	await row.getByLabel('Age').fill('many');
	await page.keyboard.press('Enter');
	await expect(row.getByText('must be a number')).toBeVisible();
	await row.getByLabel('Age').fill('39');
	await page.keyboard.press('Enter');
	await expect(row).toBeHidden();

	// A file: one line does not fit.
	await page.getByRole('button', { name: 'Import' }).click();
	const dialog = page.getByRole('dialog', { name: 'Import into People' });
	await dialog.getByLabel('File').setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from('Name,Years\nAda,36\nXu,x\n') });
	await dialog.getByRole('button', { name: 'Look at it' }).click();
	await dialog.getByLabel('Years').selectOption('Age');
	await dialog.getByRole('button', { name: 'Look at it' }).click();
	await expect(dialog.getByText('Line 3, Age: must be a number')).toBeVisible();
	await accessible(page, 'import');
	await dialog.getByLabel('leave these lines out').check();
	await dialog.getByRole('button', { name: 'Import', exact: true }).click();
	await expect(dialog).toBeHidden();
	await expect(page.getByRole('gridcell', { name: 'Ada' })).toBeVisible();

	// Cells by keyboard: Maya's age, first wrong, then right.
	await page.getByRole('gridcell', { name: 'Maya' }).click();
	await page.keyboard.press('ArrowRight');
	await page.keyboard.press('Enter');
	await page.keyboard.type('old');
	await page.keyboard.press('Enter');
	await expect(page.locator('.cellmsg')).toContainText('Must be a number');
	await page.keyboard.press('Escape');
	await expect(page.getByRole('gridcell', { name: '39' })).toBeFocused();
	await page.keyboard.type('40');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('gridcell', { name: '40' })).toBeVisible();
	await page.getByRole('combobox', { name: 'Column' }).selectOption('Age');
	await page.getByRole('combobox', { name: 'Comparison' }).selectOption('is greater than');
	await page.getByRole('textbox', { name: 'Compared with' }).fill('39');
	await page.getByRole('button', { name: 'Filter' }).click();
	await expect(page.getByText('Rows 1–1 of those that fit')).toBeVisible();

	for (const l of looks) {
		await look(page, l);
		await accessible(page, `table, ${l.theme}, ${l.width}`, l.theme === 'dark');
		if (l.width < 500) expect.soft(await overflowing(page)).toEqual([]);
	}
	await look(page, looks[0]);

	// A flow that looks somebody up, built by hand.
	const id = await client.flow(flow('Who is it', endpoint(input('who')), []));
	const b = await new Builder(page).open(id);
	await b.add('Search Rows', b.after('API Endpoint'));
	const card = b.card('Search Rows');
	await card.getByRole('button', { name: 'Table: Choose a table' }).click();
	const picker = page.getByRole('dialog', { name: 'Choose' });
	await picker.getByRole('combobox').fill('peo');
	await page.keyboard.press('Enter');
	await expect(card.getByRole('button', { name: 'Table: People' })).toBeFocused();
	await card.getByRole('button', { name: 'Add a condition' }).click();
	await b.saved();
	await card.getByRole('combobox', { name: 'Column' }).selectOption('Name');
	await b.saved();
	await b.drag(b.output('endpoint.who'), card.getByRole('textbox', { name: 'Compared with' }));
	await b.saved();
	await expect(b.output('search_rows.row.age')).toBeVisible();
	await accessible(page, 'builder with a table');
	await b.add('Create Row', b.after('Search Rows'));
	await b.card('Create Row').getByRole('button', { name: 'Table: Choose a table' }).click();
	await expect(picker.locator('.opt', { hasText: 'People' })).toHaveAttribute('aria-selected', 'true');
	await page.keyboard.press('Enter');
	await expect(b.card('Create Row').getByRole('textbox', { name: 'Name', exact: true })).toBeVisible();
	await b.menu('Create Row', 'Delete');
	await b.saved();
	await b.add('Close', b.after('Search Rows'));
	await b.field('Close', 'Body').fill('{"age": {{ search_rows.row.age }}}');
	await b.saved();
	await client.publish(id);
	const token = await client.token(id);
	const alias = (await client.exported(id)).alias;
	const res = await fetch(`${client.url}/api/flows/${alias}/invoke`, { method: 'POST', body: '{"who":"Maya"}', headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' } });
	expect(await res.json()).toEqual({ age: 40 });
});

test('cells are filled in one after the other, however slow the server is', async ({ app: page }) => {
	await page.goto('/tables');
	await page.getByRole('button', { name: 'New table' }).click();
	await page.getByRole('dialog').getByLabel('Name').fill('Quick');
	await page.keyboard.press('Enter');
	for (const name of ['a', 'b', 'c']) {
		await page.getByRole('button', { name: 'Add row' }).first().click();
		const row = page.getByRole('dialog', { name: 'New row of Quick' });
		await row.getByLabel('Name').fill(name);
		await page.keyboard.press('Enter');
		await expect(row).toBeHidden();
	}
	await page.route('**/cell', async route => { await new Promise(r => setTimeout(r, 400)); await route.continue(); });
	const cells = page.locator('fd-grid td[data-col]');
	await expect(cells).toHaveCount(3);
	let saved = 0;
	page.on('response', r => { if (r.url().endsWith('/cell') && r.ok()) saved++; });
	await cells.first().click();
	for (const text of ['first', 'second', 'third']) {
		await page.keyboard.type(text);
		await page.keyboard.press('Enter');
	}
	await expect(cells).toHaveText(['first', 'second', 'third']);
	await expect.poll(() => saved).toBe(3);
	await page.reload();
	await expect(cells).toHaveText(['first', 'second', 'third']);
});

test('a cell that is filled in after the session has ended is saved when whoever is there signs in again', async ({ app: page, client }) => {
	await page.goto('/tables');
	await page.getByRole('button', { name: 'New table' }).click();
	await page.getByRole('dialog').getByLabel('Name').fill('Signed out');
	await page.keyboard.press('Enter');
	await page.getByRole('button', { name: 'Add row' }).first().click();
	await page.getByRole('dialog', { name: 'New row of Signed out' }).getByLabel('Name').fill('a');
	await page.keyboard.press('Enter');
	const cell = page.locator('fd-grid td[data-col]');
	await cell.click();
	await page.context().clearCookies();
	await page.keyboard.type('kept');
	await page.keyboard.press('Enter');
	const dialog = page.getByRole('dialog', { name: 'Sign in again' });
	await dialog.getByRole('button', { name: 'Not now' }).click();
	await expect(cell.getByRole('alert')).toHaveText('It was not saved: you are signed out.');
	await cell.getByRole('textbox').press('Enter');
	await dialog.getByLabel('Email').fill(owner.email);
	await dialog.getByLabel('Password').fill(owner.password);
	await dialog.getByRole('button', { name: 'Sign in' }).click();
	await expect(dialog).toBeHidden();
	await expect(cell).toHaveText('kept');
	await expect(cell.getByRole('alert')).toHaveCount(0);
	await expect.poll(async () => (await client.get(new URL(page.url()).pathname)).text(), 'on the server').toContain('kept');
});

test('a secret is made, used as the key of a code, and shown nowhere', async ({ app: page, client, flowdeck }) => {
	const secret = 'a-key-that-nobody-sees-77';
	await page.goto('/variables');
	await page.getByRole('button', { name: 'New secret' }).click();
	const dialog = page.getByRole('dialog', { name: 'New secret' });
	await dialog.getByRole('textbox', { name: 'Name' }).fill('hook');
	await dialog.getByLabel('Secret', { exact: true }).fill(secret);
	await accessible(page, 'a new secret');
	await page.keyboard.press('Enter');
	await expect(page.getByText('secrets.hook')).toBeVisible();
	for (const l of looks) {
		await look(page, l);
		await accessible(page, `variables, ${l.theme}, ${l.width}`, l.theme === 'dark');
		if (l.width < 500) expect.soft(await overflowing(page)).toEqual([]);
	}
	await look(page, looks[0]);

	const id = await client.flow(flow('Sign', endpoint(), [{ id: 'sign', card: 'crypto.hmac', inputs: { data: 'abc' } }, { id: 'close', card: 'http.close', inputs: { body: '"{{ sign.hmac }}"' } }]));
	const b = await new Builder(page).open(id);
	await b.field('HMAC', 'Key').focus();
	await page.keyboard.press('Control+Space');
	const data = page.getByRole('dialog', { name: 'Insert data' });
	await data.getByRole('combobox').fill('hook');
	await page.keyboard.press('Enter');
	await b.saved();
	await b.holds('HMAC', 'Key', '{{secrets.hook}}');
	await client.publish(id);
	const res = await fetch(`${client.url}/api/flows/sign/invoke`);
	expect(await res.json()).toMatch(/^[0-9a-f]{64}$/);
	expect(await page.content()).not.toContain(secret);
	expect(flowdeck.filesWith(secret)).toEqual([]);
	expect(flowdeck.output).not.toContain(secret);
});
