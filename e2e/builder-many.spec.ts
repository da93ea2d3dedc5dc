import { Builder, ids } from './support/builder.ts';
import { flow, get, manual, post } from './support/documents.ts';
import { accessible, look, looks } from './support/looks.ts';
import { expect, test } from './support/test.ts';

const three = (name: string, url: string) => flow(name, manual(), [get('one', url + '/a'), get('two', url + '/{{one.status_code}}'), get('three', url + '/{{two.status_code}}{{one.status_code}}')]);

test.beforeEach(({ app: page }) => page.context().grantPermissions(['clipboard-read', 'clipboard-write']));

test('several cards, by keyboard alone', async ({ app: page, client, world }) => {
	test.setTimeout(300_000);
	const b = await new Builder(page).open(await client.flow(three('Many keys', world.url))), keys = page.keyboard;
	const other = await client.flow(flow('Other', manual(), [get('one', world.url)]));
	await page.locator('fd-canvas [data-step][tabindex="0"]').focus();
	await keys.press('Home');
	await keys.press('ArrowRight');

	await keys.press('Shift+ArrowRight');
	await expect(page.getByRole('toolbar', { name: 'Chosen cards' })).toContainText('2 cards chosen');
	await keys.press('Control+d');
	await expect.poll(() => ids(page)).toBe('start one two one_2 two_2 three');
	await keys.press('Control+z');
	await expect.poll(() => ids(page)).toBe('start one two three');

	await test.step('copied, and pasted into another flow', async () => {
		await keys.press('Home');
		await keys.press('ArrowRight');
		await keys.press('Shift+ArrowRight');
		await keys.press('Shift+ArrowRight');
		await keys.press('Control+c');
		await expect(page.locator('#say')).toContainText('copied');
		expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('"flowdeck": "cards"');
		await b.open(other);
		await page.locator('fd-canvas [data-step][tabindex="0"]').focus();
		await keys.press('Home');
		await keys.press('Control+v');
		await expect.poll(() => ids(page)).toMatch(/^start one_2 two( three)? one$/);
		await expect(page.locator('#f-two-url')).toHaveAttribute('value', world.url + '/{{ one_2.status_code }}');
		await page.evaluate(() => navigator.clipboard.writeText('nothing of ours'));
		await keys.press('Control+v');
		await expect(b.toast).toContainText('The clipboard holds no cards');
	});

	await test.step('put into a block, moved out of it and back, cut', async () => {
		await keys.press('Escape');
		await keys.press('End');
		await keys.press('w');
		await keys.type('if');
		await keys.press('Enter');
		await expect(page.locator('.lane [data-step="one"]')).toBeVisible();
		await b.saved();
		await page.locator('[data-step="one"]').focus();
		await keys.press('Alt+ArrowLeft');
		await expect(page.locator('.lane [data-step="one"]')).toHaveCount(0);
		await keys.press('Alt+ArrowRight');
		await expect(page.locator('.lane [data-step="one"]')).toBeVisible();
		await page.locator('[data-step="one"]').focus();
		await keys.press('Control+x');
		await expect(page.locator('[data-step="one"]')).toHaveCount(0);
	});

	await test.step('a note in Markdown, found, and jumped to by the outline', async () => {
		await page.locator('[data-step="one_2"]').focus();
		await keys.press('n');
		await keys.type('**Read** this');
		await b.saved();
		await keys.press('Escape');
		await expect(page.locator('#note-one_2 strong')).toHaveText('Read');
		await keys.press('Control+f');
		await keys.type('{{ one_2.');
		await expect(page.locator('#findbar .count')).toHaveText(/1 of \d/);
		await keys.press('Escape');
		await expect(page.locator('[data-step="two"]')).toBeFocused();
		await keys.press('o');
		await expect(page.getByRole('treeitem', { name: /Two/ })).toBeFocused();
		await keys.press('Home');
		await keys.press('ArrowDown');
		await keys.press('Enter');
		await expect(page.locator('[data-step="one_2"]')).toBeFocused();
		await keys.press('c');
		await page.reload();
		await b.ready();
		await expect(page.locator('[data-step="one_2"][data-ui-collapsed]')).toBeVisible();
		await expect(page.locator('#outline')).toBeVisible();
	});

	for (const l of looks.filter(x => x.width === 1440)) {
		await look(page, l);
		await page.locator('[data-step="one_2"]').focus();
		await page.keyboard.press('Control+a');
		await page.keyboard.press('Control+f');
		await accessible(page, `chosen, found and outlined, ${l.theme}`, l.theme === 'dark');
		await page.screenshot({ path: `${test.info().outputDir}/many-${l.theme}.png` });
	}
});

test('several cards, by mouse', async ({ app: page, client, world }) => {
	const b = await new Builder(page).open(await client.flow(flow('Many mouse', manual(), [get('one', world.url), get('two', world.url), post('three', world.url)])));
	await b.card('One').locator('.chead .tt').click();
	await b.card('Two').locator('.chead .tt').click({ modifiers: ['Shift'] });
	const bar = page.getByRole('toolbar', { name: 'Chosen cards' });
	await bar.getByRole('button', { name: 'Put into…' }).click();
	await page.getByRole('dialog', { name: 'Put cards into another one' }).getByText('If / Else', { exact: true }).click();
	await expect(page.locator('.lane [data-step="two"]')).toBeVisible();

	await b.drag(b.card('Three').locator('.chead .tt'), page.getByRole('button', { name: 'Add a card at the start of Then of If / Else' }));
	await expect.poll(() => ids(page)).toBe('start if_else three one two');
	await b.drag(b.card('Three').locator('.chead .tt'), b.after('If / Else'));
	await expect.poll(() => ids(page)).toBe('start if_else one two three');

	await b.add('Note', b.after('If / Else'));
	await page.keyboard.type('Then we stop');
	await b.saved();
	await expect(page.locator('.card.comment')).toBeVisible();
	await b.menu('Three', 'Copy');
	await b.menu('Two', 'Paste after');
	await expect.poll(() => ids(page)).toContain('two three_2');
	for (let i = 0; i < 6; i++) { await page.getByRole('button', { name: /^Undo: / }).first().click(); await b.saved(); }
	await page.reload();
	await b.ready();
	expect(await ids(page)).toBe('start one two three');
});
