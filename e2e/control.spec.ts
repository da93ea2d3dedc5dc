import { Builder, tabTo } from './support/builder.ts';
import { accessible, look, looks } from './support/looks.ts';
import { expect, test } from './support/test.ts';

test('a loop with branches inside of Try is built by mouse and by keyboard, run and read', async ({ app: page, client }) => {
	test.setTimeout(600_000);
	const b = new Builder(page), keys = page.keyboard;
	const id = await client.flow({ name: 'Orders', alias: 'orders', settings: {}, document: { format: 1, chain: [],
		trigger: { id: 'start', card: 'event.manual', inputs: { inputs: [{ name: 'orders', type: 'list' }] } } } });
	await b.open(id);

	await test.step('Try, a loop inside, and branches inside of that, by mouse', async () => {
		await b.add('Try / Catch', b.after('Manual'));
		await b.add('For Each', b.lane('Try', 'Try / Catch'));
		await b.drag(b.output('start.orders'), b.field('For Each', 'Items'));
		await b.saved();
		await b.holds('For Each', 'Items', '{{start.orders}}');
		await b.add('If / Else If', b.lane('Each item', 'For Each'));
		const branch = page.getByRole('region', { name: 'If branch of If / Else If' });
		await b.drag(b.output('for_each.item'), branch.getByRole('textbox', { name: 'Value' }));
		await branch.getByRole('combobox', { name: 'Is' }).selectOption('greater');
		await branch.getByRole('textbox', { name: 'Compared with' }).click();
		await keys.type('100');
		await b.saved();
		await b.card('If / Else If').getByRole('button', { name: 'Add a branch' }).click();
		await expect(page.getByRole('region', { name: 'Else if branch of If / Else If' })).toBeVisible();
		await b.card('If / Else If').getByRole('button', { name: 'Remove Else if' }).click();
		await expect(page.getByRole('region', { name: 'Else if branch of If / Else If' })).toBeHidden();
		await b.add('Return Error', b.lane('If', 'If / Else If'));
		await b.field('Return Error', 'Code').fill('too_much');
		await b.field('Return Error', 'Message').fill('An order is too large.');
		await b.saved();
	});

	await test.step('the catch block sees the error, and only it does, by keyboard', async () => {
		await tabTo(page, '[aria-label="Add card to Catch of Try / Catch"]');
		await keys.press('Enter');
		await keys.type('compose');
		await keys.press('Enter');
		await expect(b.field('Compose', 'Text')).toBeFocused();
		await keys.type('{{');
		await expect(page.getByRole('combobox', { name: /Search data/ })).toBeFocused();
		await keys.type('message');
		await keys.press('Enter');
		await b.holds('Compose', 'Text', '{{try_catch.error.message}}');
		await keys.press('Escape');
		await b.saved();
		await expect(page.locator('#problems')).toContainText('No problems');
	});

	await test.step('it looks right everywhere', async () => {
		for (const l of [looks[0], looks[3]]) {
			await look(page, l);
			await b.open(id);
			await accessible(page, `builder ${l.theme} ${l.width}`);
		}
		await look(page, looks[0]);
		await b.open(id);
	});

	await test.step('a run shows its rounds and what was caught', async () => {
		await page.getByRole('button', { name: 'Run', exact: true }).first().click();
		const dialog = page.getByRole('dialog');
		await dialog.getByRole('textbox').first().fill('[5, 50, 500]');
		await dialog.getByRole('button', { name: 'Run' }).click();
		await expect(dialog).toBeHidden();
		await page.locator('.toast').getByRole('link', { name: 'Open the run' }).click();
		await expect(page).toHaveURL(/\/runs\/r_/);
		const run = page.url().match(/\/runs\/(r_[\w-]+)/)![1];
		await page.goto('/runs/' + run);
		const rounds = page.getByRole('navigation', { name: 'Rounds of For Each' });
		await expect(rounds).toContainText('Round 3 of 3 · cards failed in 1 round');
		await rounds.getByRole('link', { name: 'Round 1', exact: true }).click();
		await expect(page.getByRole('navigation', { name: 'Rounds of For Each' })).toContainText('Round 1 of 3');
		await page.goto(`/runs/${run}/steps/try_catch/compose`);
		await expect(page.locator('body')).toContainText('An order is too large.');
		await accessible(page, 'run');
	});
});
