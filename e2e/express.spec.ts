import { close, endpoint, flow, get, input } from './support/documents.ts';
import { accessible, look, looks } from './support/looks.ts';
import { expect, test } from './support/test.ts';

test('a flow is made express, and its runs say so', async ({ app: page, client, flowdeck, world }, info) => {
	const id = await client.live(flow('Answers In A Hurry', endpoint(input('id')), [get('customer', world.url + '/customers/{{endpoint.id}}?hurry'), close('reply', 200, '{}')]));
	await page.goto(`/flows/${id}/runs`);
	await page.getByRole('button', { name: 'How runs are kept' }).click();
	const dialog = page.getByRole('dialog', { name: 'How runs are kept' });
	await dialog.getByRole('radio', { name: 'Express' }).check();
	await dialog.getByRole('radio', { name: 'An outline' }).check();
	for (const l of looks) {
		await look(page, l);
		await accessible(page, `how runs are kept, ${l.theme}, ${l.width}`, l.theme === 'dark');
		await page.screenshot({ path: info.outputPath(`keeping-${l.theme}-${l.width}.png`) });
	}
	await dialog.getByRole('button', { name: 'Save' }).click();
	await expect(dialog).toBeHidden();
	expect((await fetch(`${flowdeck.url}/api/flows/answers-in-a-hurry/invoke`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"id":"C-1"}' })).status).toBe(200);
	await look(page, looks[0]);
	await page.goto(`/flows/${id}/runs`);
	await page.locator('#runs-first a').first().click();
	await expect(page.locator('#run-tree .facts')).toContainText('Kept express, as an outline');
	await expect(page.locator('#run-tree').getByRole('note')).toContainText('failed runs are kept whole. It cannot be run again');
	await expect(page.getByRole('button', { name: 'Re-run' })).toBeHidden();
	await page.locator('#run-tree a[href*="/steps/customer"]').first().click();
	await expect(page.locator('#run-calls')).toContainText('/customers/C-1');
	await expect(page.locator('#run-calls')).not.toContainText('hurry');
	await expect(page.locator('#run-card')).toContainText('This flow keeps an outline of runs that succeed');
	for (const l of looks) {
		await look(page, l);
		await accessible(page, `a run kept as an outline, ${l.theme}, ${l.width}`, l.theme === 'dark');
		await page.screenshot({ path: info.outputPath(`outline-${l.theme}-${l.width}.png`) });
	}
});

test('an endpoint that is called very often keeps a sample, and says so', async ({ app: page, client, flowdeck, world }, info) => {
	const id = await client.live(flow('Called Very Often', endpoint(input('id')), [get('customer', world.url + '/customers/{{endpoint.id}}'), close('reply', 200, '{}')]));
	await page.goto(`/flows/${id}/runs`);
	await page.getByRole('button', { name: 'How runs are kept' }).click();
	const dialog = page.getByRole('dialog', { name: 'How runs are kept' });
	await dialog.getByRole('radio', { name: 'A sample' }).check();
	await dialog.getByRole('button', { name: 'Save' }).click();
	await expect(page.getByText('a sample is kept, about one a second')).toBeVisible();
	const call = () => fetch(`${flowdeck.url}/api/flows/called-very-often/invoke`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"id":"C-1"}' });
	for (let i = 0; i < 20; i++) expect((await call()).status).toBe(200); // one after the other: what takes long is kept
	await page.goto(`/flows/${id}/runs`);
	const rows = page.locator('#runs-first a');
	await expect(rows.first()).toContainText('Answered 200');
	expect(await rows.count()).toBeLessThan(20);
	for (const l of looks) {
		await look(page, l);
		await accessible(page, `runs of which a sample is kept, ${l.theme}, ${l.width}`, l.theme === 'dark');
		await page.screenshot({ path: info.outputPath(`sample-${l.theme}-${l.width}.png`) });
	}
	await look(page, looks[0]);
	await page.goto('/flows');
	await expect(page.locator('main')).toContainText('kept today');
});
