import { Builder } from './support/builder.ts';
import { endpoint, flow, giveBack, input } from './support/documents.ts';
import { accessible, look, looks } from './support/looks.ts';
import { expect, test } from './support/test.ts';

test('the limits of the runs of a flow are set beside its others, up to those of the server', async ({ app: page, client }, info) => {
	test.setTimeout(180_000);
	const id = await client.live(flow('Bounded', endpoint(input('id')), [giveBack({ a: '1' })]));
	const b = await new Builder(page).open(id);
	await b.card('API Endpoint').getByRole('button', { name: 'Endpoint settings' }).click();
	const dialog = page.getByRole('dialog', { name: 'Endpoint settings' });
	await dialog.locator('#ep-more > summary').click();
	const cards = dialog.getByRole('textbox', { name: 'Cards in a run at most' });
	await expect(cards).toHaveAccessibleDescription(/Empty: 100,000, which is this server's limit/);
	await cards.fill('100001');
	await dialog.getByRole('button', { name: 'Save' }).click();
	await expect(cards).toHaveAccessibleDescription(/from 1 to 100000/);
	for (const l of looks) {
		await look(page, l);
		await cards.scrollIntoViewIfNeeded();
		await accessible(page, `limits, ${l.theme}, ${l.width}`, l.theme === 'dark');
		await page.screenshot({ path: info.outputPath(`limits-${l.theme}-${l.width}.png`) });
	}
	await look(page, looks[0]);
	await cards.fill('1');
	await dialog.getByRole('textbox', { name: 'Outputs of a run at most, in MiB' }).fill('32');
	await dialog.getByRole('button', { name: 'Save' }).click();
	await expect(dialog).toBeHidden();
	await page.reload();
	await b.card('API Endpoint').getByRole('button', { name: 'Endpoint settings' }).click();
	await dialog.locator('#ep-more > summary').click();
	await expect(cards).toHaveValue('1');
});

test('a flow that nobody calls has settings of its own, and a schedule says what a run that takes long means', async ({ app: page, client }, info) => {
	test.setTimeout(180_000);
	const id = await client.flow(flow('Long digest', { id: 'start', card: 'event.schedule' }, [giveBack({ at: '{{start.scheduled}}' })]));
	await page.goto('/flows');
	const row = page.getByRole('row', { name: /Long digest/ });
	await row.getByRole('button', { name: /^More for/ }).click();
	await page.getByRole('menuitem', { name: 'Flow settings…' }).click();
	const dialog = page.getByRole('dialog', { name: 'Flow settings' });
	await expect(dialog.getByText('Invoke URL')).toHaveCount(0);
	for (const l of looks) {
		await look(page, l);
		await accessible(page, `flow settings, ${l.theme}, ${l.width}`, l.theme === 'dark');
		await page.screenshot({ path: info.outputPath(`flow-settings-${l.theme}-${l.width}.png`) });
	}
	await look(page, looks[0]);
	await dialog.getByRole('textbox', { name: 'A run takes at most' }).fill('10m');
	await dialog.getByRole('button', { name: 'Save' }).click();
	await expect(dialog).toBeHidden();

	const b = await new Builder(page).open(id);
	const overlap = b.card('Schedule').getByRole('combobox', { name: 'If the last run is still going' });
	await expect(overlap).toHaveValue('run');
	await overlap.selectOption('skip');
	await b.saved();
	for (const l of looks) {
		await look(page, l);
		await accessible(page, `overlap, ${l.theme}, ${l.width}`, l.theme === 'dark');
		await page.screenshot({ path: info.outputPath(`overlap-${l.theme}-${l.width}.png`) });
	}
});
