import { accessible, look, looks, overflowing } from './support/looks.ts';
import { Builder } from './support/builder.ts';
import { close, endpoint, flow, get, input } from './support/documents.ts';
import { expect, test } from './support/test.ts';

test('versions are published with a message, compared and restored', async ({ app: page, client, world }) => {
	const id = await client.flow(flow('Compared', endpoint(input('id')), [get('customer', world.url + '/customers/{{endpoint.id}}'), close('reply', 200, '{"name": "{{customer.body.name}}"}')]));
	const b = await new Builder(page).open(id);
	const publish = async (message: string) => {
		await page.locator('#publish').click();
		const dialog = page.getByRole('dialog', { name: /^Publish v/ });
		await dialog.getByLabel('What is new').fill(message);
		return dialog;
	};

	await test.step('the dialog shows the change, Enter publishes', async () => {
		await expect(await publish('The beginning')).toContainText('The first version: 3 cards added');
		await page.keyboard.press('Enter');
		await expect(b.toast).toContainText('Version 1 is live');
		await expect(page.locator('.livebtn')).toBeFocused();
		await b.card('Reply').getByRole('button', { name: 'Reply: card menu' }).click();
		await page.getByRole('menuitem', { name: 'Delete' }).click();
		await expect(b.card('Reply')).toHaveCount(0);
		const dialog = await publish('Without an answer');
		await expect(dialog).toContainText('1 card removed');
		await expect(dialog.locator('#diff-reply del')).not.toHaveCount(0);
		for (const l of [looks[1], looks[2]]) {
			await look(page, l);
			await accessible(page, `publish dialog ${l.theme} ${l.width}`);
			expect((await overflowing(page)).filter(o => !o.startsWith("canvas"))).toEqual([]);
			if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/publish-${l.theme}-${l.width}.png` });
		}
		await look(page, looks[0]);
		await dialog.getByRole('button', { name: 'Publish' }).click();
		await expect(b.toast.last()).toContainText('Version 2 is live');
	});

	await test.step('two versions stand side by side, at an address of their own', async () => {
		await page.getByRole('link', { name: 'Versions' }).click();
		await expect(page.locator('#version-list')).toContainText('v2 · Without an answer');
		await page.goto(`/flows/${id}/versions?from=2&to=1`);
		await expect(page.locator('#v-summary')).toHaveText('v2 → v1: 1 card added');
		await expect(page.locator('#diff-reply ins .pill')).toContainText('name');
		await page.getByLabel('Compare', { exact: true }).selectOption('1');
		await page.getByLabel('with', { exact: true }).selectOption('draft');
		await page.getByRole('button', { name: 'Compare' }).press('Enter');
		await expect(page).toHaveURL(/from=1&to=draft/);
		for (const l of looks) {
			await look(page, l);
			await accessible(page, `versions ${l.theme} ${l.width}`);
			expect(await overflowing(page)).toEqual([]);
			if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/versions-${l.theme}-${l.width}.png` });
		}
		await look(page, looks[0]);
	});

	await test.step('one card comes back, and undo takes it out', async () => {
		await page.getByRole('button', { name: 'Bring it back' }).press('Enter');
		await expect(b.card('Reply')).toBeVisible();
		await page.getByRole('button', { name: 'Undo: restore Reply from version 1' }).click();
		await expect(b.card('Reply')).toHaveCount(0);
		await page.goto(`/flows/${id}/versions?from=1&to=2`);
		await page.getByRole('button', { name: 'Make v1 the draft' }).click();
		await expect(b.card('Reply')).toBeVisible();
		await expect(page.locator('#publish')).toContainText('Publish');
	});
});
