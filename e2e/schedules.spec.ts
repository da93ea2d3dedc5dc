import { join } from 'node:path';
import { results } from './support/build.ts';
import { Builder } from './support/builder.ts';
import { flow, giveBack } from './support/documents.ts';
import { accessible, look, looks } from './support/looks.ts';
import { expect, test } from './support/test.ts';

test('a schedule is built with the keyboard, shows its next times, and runs by hand', async ({ app: page, client }) => {
	test.setTimeout(300_000);
	const id = await client.flow(flow('Morning digest', { id: 'start', card: 'event.schedule' }, [giveBack({ at: '{{start.scheduled}}', number: '{{start.number}}' })]));
	const b = await new Builder(page).open(id);
	const card = b.card('Schedule');
	await expect(card.getByRole('listitem').locator('time')).toHaveCount(5);
	await expect(card).toContainText('Nothing starts it yet');

	await card.getByRole('combobox', { name: 'Runs' }).selectOption('weeks');
	await b.saved();
	const days = card.getByRole('textbox', { name: /^Days of the week/ });
	await days.focus();
	await page.keyboard.press('Control+a');
	await page.keyboard.type('mon, blue');
	await b.saved();
	await expect(card.locator('.msg'), 'what is wrong is said at the field').toContainText('blue');
	await expect(card.locator('time')).toHaveCount(0);
	await days.focus();
	await page.keyboard.press('Control+a');
	await page.keyboard.type('mon, thu');
	await b.saved();
	const zone = card.getByLabel('Time zone', { exact: true });
	await zone.focus();
	await expect(page.locator('datalist#zones option[value="Europe/Berlin"]'), 'zones are offered').toHaveCount(1);
	await page.keyboard.press('Control+a');
	await page.keyboard.type('Mars/Olympus');
	await b.saved();
	await expect(card.locator('.msg')).toContainText('Mars/Olympus');
	await zone.focus();
	await page.keyboard.press('Control+a');
	await page.keyboard.type('Europe/Berlin');
	await b.saved();
	await expect(card.locator('time')).toHaveCount(5);
	for (const text of await card.locator('time').allTextContents()) expect(text).toMatch(/^(Mon|Thu) .* 09:00$/);
	await expect(card).toContainText('Europe/Berlin');

	for (const l of looks) {
		await look(page, l);
		await accessible(page, `schedule, ${l.theme}, ${l.width}`, l.theme === 'dark');
		await page.screenshot({ path: join(results, 'triggers', `schedule-${l.theme}-${l.width}.png`) });
	}
	await look(page, looks[0]);

	await page.getByRole('button', { name: 'Run', exact: true }).first().click();
	const dialog = page.getByRole('dialog');
	await dialog.getByRole('button', { name: 'Run' }).click();
	await expect(dialog).toBeHidden();
	await page.goto(`/flows/${id}/runs`);
	await page.locator('#runs-first a').first().click();
	await expect(page.getByRole('region', { name: 'Card input and output' })).toContainText(/\+0[12]:00/);

	await client.publish(id);
	await page.goto('/flows');
	const row = page.getByRole('row', { name: /Morning digest/ });
	await expect(row).toContainText(/ at 09:00 · Next: (Mon|Thu) \d+ \w+, 09:00 CES?T/);
	await row.getByRole('button', { name: /^More for/ }).click();
	await page.getByRole('menuitem', { name: 'Turn off' }).click();
	await expect(row).toContainText('Paused: not before it is on again');
	for (const l of looks) {
		await look(page, l);
		await accessible(page, `list, ${l.theme}, ${l.width}`, l.theme === 'dark');
		await page.screenshot({ path: join(results, 'triggers', `list-${l.theme}-${l.width}.png`) });
	}
});

test('a schedule of every minute runs by itself', async ({ app: page, client }) => {
	test.setTimeout(180_000);
	const id = await client.live(flow('Every minute', { id: 'start', card: 'event.schedule', inputs: { every: 'minutes', count: 1 } }, [giveBack({ number: '{{start.number}}' })]));
	await page.goto(`/flows/${id}/runs`);
	await expect(async () => {
		await page.reload();
		await expect(page.locator('#runs-first a').first()).toBeVisible({ timeout: 1000 });
	}).toPass({ timeout: 75_000, intervals: [3000] });
	await page.locator('#runs-first a').first().click();
	await expect(page.getByText('Schedule').first()).toBeVisible();
	await client.post(`/flows/${id}/off`);
});

test.describe('somewhere else', () => {
	test.use({ timezoneId: 'America/New_York' });
	test('a new schedule is in the time zone of the browser', async ({ app: page }) => {
		await page.goto('/flows');
		await page.getByRole('button', { name: 'New flow' }).click();
		const b = new Builder(page);
		await b.ready();
		await page.locator('#starts').getByRole('button', { name: /^Schedule/ }).click();
		await expect(b.card('Schedule').getByLabel('Time zone', { exact: true })).toHaveValue('America/New_York');
	});
});
