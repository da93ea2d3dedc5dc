import { endpoint, flow, get } from './support/documents.ts';
import { accessible, look, looks, overflowing } from './support/looks.ts';
import { expect, test } from './support/test.ts';

test('the dashboard shows how runs went, as pictures and as tables', async ({ app: page, client, flowdeck, world }) => {
	test.setTimeout(300_000); // what was counted is kept every minute where the stretch is a week
	const id = await client.live(flow('Watched orders', endpoint(), [get('ask', world.url + '/echo', { title: 'Ask the shop' }),
		{ id: 'check', card: 'control.return_error_if', inputs: { conditions: [{ left: '{{endpoint.query.fail}}', operator: 'equals', right: 'yes' }], message: 'Asked to fail.' } }]));
	for (let i = 0; i < 12; i++) await fetch(`${flowdeck.url}/api/flows/watched-orders/invoke?fail=${i % 4 ? 'no' : 'yes'}`);
	await page.goto('/dashboard?range=hour');
	await expect(page.getByRole('heading', { level: 1, name: 'Dashboard' })).toBeVisible();
	// it looks again by itself, and what was counted is kept every few seconds
	const row = page.getByRole('table', { name: 'Flows with most runs' }).getByRole('row', { name: /Watched orders/ });
	await expect(row.getByRole('cell', { name: '12', exact: true })).toBeVisible({ timeout: 40_000 });
	await expect(page.getByRole('img', { name: /runs in the last hour/ })).toBeVisible();
	await expect(page.getByRole('table', { name: 'Slowest cards' })).toBeVisible();
	await expect(page.getByRole('table', { name: 'Connections' }).getByRole('row', { name: /Without a connection/ })).toBeVisible();

	// the same as a table, by keyboard
	await page.getByText('As a table').first().focus();
	await page.keyboard.press('Enter');
	const table = page.getByRole('table', { name: 'Runs', exact: true });
	await expect(table.getByRole('columnheader', { name: 'Failed' })).toBeVisible();
	const sum = async (column: number) => (await table.locator(`tbody tr > :nth-child(${column})`).allInnerTexts()).reduce((n, text) => n + Number(text), 0);
	await expect.poll(() => sum(2), 'succeeded, with those of other flows').toBeGreaterThanOrEqual(9);
	await expect.poll(() => sum(3), 'failed').toBeGreaterThanOrEqual(3);
	await page.getByText('As a table').first().press('Enter');

	for (const l of looks) {
		await look(page, l);
		await accessible(page, `dashboard, ${l.theme} ${l.width}`, l.theme === 'dark');
		expect(await overflowing(page), `dashboard, ${l.theme} ${l.width}`).toEqual([]);
		await page.screenshot({ path: test.info().outputPath(`dashboard-${l.theme}-${l.width}.png`), fullPage: true });
	}
	await look(page, looks[0]);

	// one flow
	await row.getByRole('link').click();
	await expect(page.getByRole('heading', { level: 1, name: 'Watched orders' })).toBeVisible();
	await expect(page).toHaveURL(new RegExp(`flow=${id}`));
	await expect(page.locator('.stat').filter({ hasText: 'Failed' })).toContainText('3');
	await expect(page.getByRole('table', { name: 'Slowest cards' }).getByRole('row', { name: /Ask the shop/ }).getByRole('cell', { name: '12', exact: true })).toBeVisible();
	await page.getByRole('group', { name: 'Stretch of time' }).getByRole('link', { name: 'Week' }).click();
	await expect(page).toHaveURL(/range=week/);
	await expect(page.locator('.stat').filter({ hasText: 'Runs' }).first()).toContainText('12', { timeout: 90_000 });
	await accessible(page, 'dashboard of a flow');

	// one connection, or what went without one
	await page.getByRole('link', { name: 'All flows' }).click();
	await page.getByRole('table', { name: 'Connections' }).getByRole('link', { name: 'Without a connection' }).click();
	await expect(page.getByRole('heading', { level: 1, name: 'Without a connection' })).toBeVisible();
	await expect(page.getByRole('img', { name: /requests in the last 7 days/ })).toBeVisible();
	await expect(page.getByRole('heading', { name: 'How long requests took' })).toBeVisible();
	await accessible(page, 'dashboard of a connection');
});

test('an owner limits the space for history', async ({ app: page }) => {
	await page.goto('/settings');
	const field = page.getByLabel('Everything together may take, in MB');
	await field.fill('5');
	await page.getByRole('button', { name: 'Save limits' }).click();
	await expect(page.getByText('must be 20 MB or more')).toBeVisible();
	await expect(field).toHaveValue('5');
	await field.fill('2048');
	await page.getByRole('button', { name: 'Save limits' }).click();
	await expect(page.getByText('of 2048 MB taken').first()).toBeVisible();
	await expect(page.getByText('Nothing so far')).toBeVisible();
	for (const l of looks) {
		await look(page, l);
		await accessible(page, `settings, ${l.theme} ${l.width}`, l.theme === 'dark');
		expect(await overflowing(page), `settings, ${l.theme} ${l.width}`).toEqual([]);
		await page.screenshot({ path: test.info().outputPath(`history-${l.theme}-${l.width}.png`), fullPage: true });
	}
});

test('a loop that goes on shows how far it is', async ({ app: page, client, flowdeck }) => {
	const id = await client.live(flow('Counted rounds', endpoint(), [{ id: 'each', card: 'control.each', title: 'Each number', inputs: { items: '{{endpoint.body}}', concurrency: 1 },
		blocks: { each: { chain: [{ id: 'pause', card: 'control.wait', title: 'Pause', inputs: { amount: 0.5, unit: 'seconds' } }] } } }]));
	const body = JSON.stringify(Array.from({ length: 40 }, (_, i) => i));
	const call = fetch(`${flowdeck.url}/api/flows/counted-rounds/invoke`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
	await page.goto(`/flows/${id}/runs`);
	await page.locator('#runs-first a').first().click();
	const loop = page.locator('#step-each');
	await expect(loop).toContainText(/\d+ of 40 rounds · \d+ a second · about .* left/);
	const far = async () => Number((await loop.textContent())!.match(/(\d+) of 40/)?.[1] ?? 40);
	const before = await far();
	await expect.poll(far, 'it goes on by itself').toBeGreaterThan(before);
	await accessible(page, 'a run that goes on');
	await page.screenshot({ path: test.info().outputPath('loop.png') });
	await expect(loop).toContainText('40 rounds', { timeout: 60_000 });
	await expect(loop).not.toContainText(' of 40');
	await call;
});
