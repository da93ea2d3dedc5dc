import { join } from 'node:path';
import { results } from './support/build.ts';
import { endpoint, flow, get, giveBack } from './support/documents.ts';
import { accessible, look, looks, overflowing } from './support/looks.ts';
import { expect, test } from './support/test.ts';

test('an endpoint is set to answer at once and to have few runs at a time', async ({ app: page, client, world, flowdeck }) => {
	test.setTimeout(240_000);
	const id = await client.live(flow('Nightly import', endpoint(), [get('wait', world.url + '/gate?manners=1'), giveBack({ ok: 'yes' })]));
	await page.goto(`/flows/${id}/endpoint`);
	await page.locator('#ep-more summary').focus();
	await page.keyboard.press('Enter');
	const most = page.getByRole('textbox', { name: 'Runs at a time at most' });
	await most.fill('none');
	await page.getByRole('button', { name: 'Save' }).click();
	await expect(page.locator('.msg')).toContainText('Must be a whole number of runs');
	for (const l of looks) {
		await look(page, l);
		await accessible(page, `endpoint, ${l.theme}, ${l.width}`, l.theme === 'dark');
		expect.soft(await overflowing(page), `endpoint at ${l.width}`).toEqual([]);
		await page.screenshot({ path: join(results, 'triggers', `endpoint-${l.theme}-${l.width}.png`), fullPage: true });
	}
	await look(page, looks[0]);
	await most.fill('1');
	await page.getByRole('combobox', { name: 'Callers get', exact: true }).selectOption('async');
	await page.getByRole('button', { name: 'Save' }).click();
	await expect(page).toHaveURL(new RegExp(`/flows/${id}$`));

	const call = (headers: Record<string, string> = {}) => fetch(`${flowdeck.url}/api/flows/nightly-import/invoke`, { method: 'POST', headers });
	const first = await call({ 'Idempotency-Key': 'a-key' });
	expect(first.status).toBe(202);
	const address = first.headers.get('Location')!;
	const second = await call();
	expect(second.status).toBe(429);
	expect(second.headers.get('Retry-After')).toBe('1');
	expect((await (await call({ 'Idempotency-Key': 'a-key' })).json() as { location: string }).location).toBe(address);
	world.open();
});
