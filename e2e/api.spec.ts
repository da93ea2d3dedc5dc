import { readFileSync } from 'node:fs';
import { close, endpoint, flow, input } from './support/documents.ts';
import { accessible, look, looks, overflowing } from './support/looks.ts';
import { expect, test } from './support/test.ts';

test('a token is made, opens the API, and is revoked', async ({ app: page, flowdeck }) => {
	await page.goto('/settings');
	await page.getByRole('button', { name: 'New token' }).click();
	const dialog = page.getByRole('dialog');
	await dialog.getByLabel('Name').fill('Deployment of the shop');
	for (const box of await dialog.getByRole('checkbox').all()) await box.uncheck();
	await dialog.getByRole('button', { name: 'Make token' }).click();
	await expect(dialog.getByRole('alert')).toContainText('Choose at least one');
	await dialog.getByRole('checkbox', { name: /flows:read/ }).check();
	for (const l of looks) {
		await look(page, l);
		await accessible(page, `new token, ${l.theme} ${l.width}`, l.theme === 'dark');
		expect(await overflowing(page)).toEqual([]);
	}
	await look(page, looks[0]);
	await dialog.getByRole('button', { name: 'Make token' }).focus();
	await page.keyboard.press('Enter');
	const token = (await dialog.getByRole('group', { name: 'Token' }).innerText()).match(/fdp_\w+/)?.[0] ?? '';
	expect(token).toMatch(/^fdp_[A-Z2-7]{26}$/);
	await accessible(page, 'a token is shown');

	const call = (path: string) => fetch(flowdeck.url + '/api/v1' + path, { headers: { Authorization: `Bearer ${token}` } });
	expect((await call('/flows')).status).toBe(200);
	expect((await call('/runs')).status, 'it was not made for runs').toBe(403);
	await dialog.getByRole('link', { name: 'Done' }).click();
	const row = page.getByRole('table', { name: 'API tokens' }).getByRole('row', { name: /Deployment of the shop/ });
	await expect(row).toContainText('flows:read');
	await expect(page.locator('body')).not.toContainText(token);
	for (const l of looks) {
		await look(page, l);
		await accessible(page, `settings with tokens, ${l.theme} ${l.width}`, l.theme === 'dark');
		expect(await overflowing(page)).toEqual([]);
	}
	await look(page, looks[0]);
	await row.getByRole('button', { name: 'Revoke' }).click();
	await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
	await expect(row).toHaveCount(0);
	expect((await call('/flows')).status).toBe(401);
});

test('several flows are exported as one file, looked at, updated and copied', async ({ app: page, client }) => {
	for (const name of ['Files one', 'Files two']) await client.flow(flow(name, endpoint(input('id', 'text', true)), [close('reply', 200, '{"ok": true}')]));
	await page.goto('/flows?q=files');
	await page.getByRole('button', { name: 'Export' }).click();
	const dialog = page.getByRole('dialog');
	await accessible(page, 'what to export');
	const [download] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name: 'Export', exact: true }).click()]);
	expect(download.suggestedFilename()).toBe('flowdeck.zip');
	const zip = { name: 'flowdeck.zip', mimeType: 'application/zip', buffer: readFileSync(await download.path()) };

	await page.goto('/flows?q=files');
	await page.getByRole('row', { name: /Files two/ }).getByRole('button', { name: /^More for/ }).click();
	await page.getByRole('menuitem', { name: /Name and labels/ }).click();
	await dialog.getByLabel('Folder').fill('moved / here');
	await dialog.getByRole('button', { name: 'Save' }).click();
	await expect(page.getByRole('row', { name: /Files two/ })).toContainText('moved/here');
	await page.getByRole('button', { name: 'All folders' }).click();
	await page.getByRole('menuitem', { name: 'moved/here' }).click();
	await expect(page.getByRole('row', { name: /Files/ })).toHaveCount(1);

	await page.getByRole('button', { name: 'Import', exact: true }).click();
	await dialog.getByLabel('File').setInputFiles(zip);
	await dialog.getByRole('button', { name: 'Import' }).click();
	await expect(dialog.getByRole('row', { name: /Files one/ })).toContainText('The same');
	await expect(dialog.getByRole('row', { name: /Files two/ })).toContainText('Changed');
	for (const l of looks) {
		await look(page, l);
		await accessible(page, `what an import would do, ${l.theme} ${l.width}`, l.theme === 'dark');
		expect(await overflowing(page)).toEqual([]);
	}
	await look(page, looks[0]);
	await dialog.getByRole('button', { name: 'Update' }).click();
	await page.waitForURL(/\/flows$/);
	await page.goto('/flows?q=files');
	await expect(page.getByRole('row', { name: /Files/ })).toHaveCount(2);
	await expect(page.getByRole('row', { name: /Files two/ })).not.toContainText('moved');

	await page.getByRole('button', { name: 'Import', exact: true }).click();
	await dialog.getByLabel('File').setInputFiles(zip);
	await dialog.getByRole('button', { name: 'Import' }).click();
	await dialog.getByRole('button', { name: 'Import as copies' }).click();
	await page.waitForURL(/\/flows$/);
	await page.goto('/flows?q=files');
	await expect(page.getByRole('row', { name: /Files/ })).toHaveCount(4);
});
