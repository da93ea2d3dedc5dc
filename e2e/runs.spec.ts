import { Client, invoke } from './support/client.ts';
import { close, endpoint, flow, get, giveBack, input, post } from './support/documents.ts';
import { apart, expect, test } from './support/test.ts';
import { World } from './support/world.ts';

test('a run is watched while it goes', async ({ app: page, client, flowdeck, world }) => {
	const id = await client.live(flow('Watched', endpoint(), [get('wait', world.url + '/gate?watched'), close('reply', 200, '{"ok": true}')]));
	await page.goto(`/flows/${id}/runs`);
	await expect(page.getByText('No runs yet')).toBeVisible();
	await expect(page.getByText('Live updates')).toBeVisible();
	const answer = invoke(flowdeck.url, 'watched');

	const row = page.locator('#runs-first a');
	await expect(row, 'the run shows without a reload').toContainText('Running');
	await row.click();
	const cards = page.getByRole('list', { name: 'Cards in this run' });
	await expect(cards.getByRole('link', { name: /Wait/ })).toContainText(/running/i);
	await expect(page.locator('#run-tree')).toContainText('Running');
	world.open();
	await expect(page.locator('#run-tree')).toContainText('Caller got 200');
	await expect(row).toContainText('Answered 200');
	await expect(cards.getByRole('link', { name: /Reply/ })).toBeVisible();
	expect((await answer).status).toBe(200);
});

test('a run is stopped, within a second', async ({ app: page, client, flowdeck, world }) => {
	const id = await client.live(flow('Stopped', endpoint(), [get('wait', world.url + '/gate?stopped'), post('never', world.url + '/echo?never')]));
	const answer = invoke(flowdeck.url, 'stopped');
	await expect.poll(() => world.held).toBe(1);
	await page.goto(`/flows/${id}/runs`);
	await page.locator('#runs-first a').click();
	await page.locator('#run-tree').getByRole('button', { name: 'Stop' }).click();
	await page.getByRole('dialog').getByRole('button', { name: 'Stop' }).click();
	await expect(page.locator('#run-tree')).toContainText('Stopped');
	expect((await answer).status).toBe(500);

	void invoke(flowdeck.url, 'stopped').then(r => r.text());
	await expect.poll(() => world.held).toBe(1);
	await page.goto(`/flows/${id}/runs?state=running`);
	const run = (await page.locator('#runs-first a').getAttribute('href'))!.match(/r_[\w-]+/)![0];
	const asked = Date.now();
	await client.post(`/runs/${run}/cancel`);
	const status = async () => await (await fetch(`${flowdeck.url}/api/runs/${run}`)).json() as { status: string; finished: string };
	await expect.poll(async () => (await status()).status, { intervals: [50] }).toBe('cancelled');
	expect(Date.parse((await status()).finished) - asked).toBeLessThan(1000);
	expect(world.calls('/echo').filter(s => s.path.includes('never'))).toEqual([]);
});

test('a failed run says why, and runs again with the same event', async ({ app: page, client, flowdeck, world }) => {
	const id = await client.live(flow('Again', endpoint(input('id')), [get('customer', world.url + '/customers/{{endpoint.id}}?again'), close('reply', 200, '{}')]));
	expect((await invoke(flowdeck.url, 'again', { id: 'C-404' })).status).toBe(502);
	await page.goto(`/flows/${id}/runs`);
	await page.locator('#runs-first a').click();
	await expect(page.locator('#run-tree')).toContainText('Failed');
	await page.locator('#run-tree').getByRole('link', { name: /Customer/ }).click();
	const card = page.getByRole('region', { name: 'Card input and output' });
	await expect(card).toContainText('has nothing at this address (404): no such customer');
	await expect(card).toContainText('/customers/C-404');
	await expect(page.getByRole('link', { name: /Reply/ }), 'cards that were not reached are there').toBeVisible();

	await page.locator('#run-tree').getByRole('button', { name: 'Re-run' }).click();
	await expect(page.locator('#runs-first a')).toHaveCount(2);
	await expect(page.locator('#run-tree')).toContainText('Failed');
	await expect.poll(() => world.calls('/customers/C-404').filter(s => s.path.endsWith('?again')).length).toBe(2);
});

test('runs are searched and filtered', async ({ app: page, client, flowdeck, world }) => {
	const id = await client.live(flow('Many', endpoint(input('id')), [get('customer', world.url + '/customers/{{endpoint.id}}')]));
	for (const c of ['C-11', 'C-12', 'C-404']) await invoke(flowdeck.url, 'many', { id: c });
	await page.goto(`/flows/${id}/runs`);
	const rows = page.locator('#runs-first a');
	await expect(rows).toHaveCount(3);
	await page.locator('#runs-filter').getByRole('link', { name: /^Failed/ }).click();
	await expect(rows).toHaveCount(1);
	await expect(rows).toContainText('Failed at Customer');
	await page.locator('#runs-filter').getByRole('link', { name: /^All/ }).click();
	await expect(rows).toHaveCount(3);
	await page.getByRole('searchbox', { name: 'Search runs' }).fill('C-12');
	await expect(rows).toHaveCount(1);
	await page.getByRole('searchbox', { name: 'Search runs' }).fill('nothing like it');
	await expect(page.getByText('Nothing found')).toBeVisible();
	await page.goto('/runs');
	await page.getByRole('searchbox', { name: 'Search runs' }).fill('no such customer');
	await expect(page.locator('#runs-first')).toContainText('Many');
});

test('runs are read by the keyboard alone, pane by pane', async ({ app: page, client, flowdeck, world }) => {
	const id = await client.live(flow('Read', endpoint(input('id')), [get('customer', world.url + '/customers/{{endpoint.id}}')]));
	for (const c of ['C-21', 'C-22', 'C-404']) await invoke(flowdeck.url, 'read', { id: c });
	await page.goto(`/flows/${id}/runs`);
	const rows = page.locator('#runs-first a');
	await expect(rows).toHaveCount(3);
	await rows.first().focus();
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('ArrowDown');
	await expect(rows.nth(2)).toBeFocused();
	await page.keyboard.press('Enter');
	await expect(rows.nth(2)).toHaveAttribute('aria-current', 'true');
	await expect(page.locator('#run-tree')).toContainText('Customer');
	await page.keyboard.press('ArrowRight');
	await expect(page.locator('#step-endpoint, #step-customer').and(page.locator(':focus'))).toHaveCount(1);
	await page.keyboard.press('ArrowRight');
	await expect(page.getByRole('region', { name: 'Card input and output' })).toBeFocused();
	await page.keyboard.press('ArrowLeft');
	await page.keyboard.press('ArrowLeft');
	await expect(rows.nth(2)).toBeFocused();
});

test('tries are kept apart, and the last one counts', async ({ app: page, client, flowdeck, world }) => {
	const policy = { retry: [{ match: ['http_5xx'], attempts: 4, interval: '100ms', backoff: 2 }] };
	const id = await client.live(flow('Patient', endpoint(), [get('flaky', world.url + '/flaky?patient', { policy }), close('reply', 200, '{{flaky.body}}')]));
	const res = await invoke(flowdeck.url, 'patient');
	expect(await res.json()).toEqual({ ok: true });
	expect(world.calls('/flaky')).toHaveLength(3);
	await page.goto(`/flows/${id}/runs`);
	await expect(page.locator('#runs-first a')).toContainText('Answered 200 after 2 retries');
	await page.locator('#runs-first a').click();
	await page.getByRole('link', { name: /Flaky/ }).click();
	const tries = page.getByRole('navigation', { name: 'Attempts' }).getByRole('link');
	await expect(tries).toHaveCount(3);
	await tries.first().click();
	await expect(page.getByRole('region', { name: 'Card input and output' })).toContainText('503');
});

test('a run started in the builder lights the cards up', async ({ app: page, client, world }) => {
	const id = await client.flow(flow('Lit', { id: 'start', card: 'event.manual', inputs: { inputs: [{ name: 'id', type: 'text', required: true }] } }, [get('wait', world.url + '/gate?lit={{start.id}}'), giveBack({ id: '{{start.id}}' })]));
	await page.goto('/flows/' + id);
	await page.getByRole('button', { name: 'Run', exact: true }).first().click();
	const dialog = page.getByRole('dialog');
	await dialog.getByRole('button', { name: 'Run' }).click();
	await expect(dialog.getByLabel('id'), 'a required input').toBeFocused();
	await dialog.getByLabel('id').fill('C-7');
	await dialog.getByRole('button', { name: 'Run' }).click();
	await expect(dialog).toBeHidden();
	const card = page.locator('fd-canvas [data-name="Wait"]');
	await expect(card).toHaveAttribute('data-status', 'run');
	world.open();
	await expect(page.locator('.toast')).toContainText('Run finished');
	await page.locator('.toast').getByRole('link', { name: 'Open the run' }).click();
	await expect(page).toHaveURL(/\/runs\/r_/);
	expect(world.calls('/gate').some(s => s.path.includes('lit=C-7'))).toBe(true);
});

apart('a run goes on after the server was killed, and does not repeat what it did', async ({ own: flowdeck }) => {
	const world = await new World().start();
	const client = await Client.setUp(flowdeck.url, flowdeck.setupURL);
	await client.live(flow('Survivor', endpoint(), [post('order', world.url + '/contacts', '{"n": 1}'), get('wait', world.url + '/gate'), post('mail', world.url + '/echo'), giveBack({ order: '{{order.body.id}}' })]));
	const cut = invoke(flowdeck.url, 'survivor').catch(() => 'cut');
	await expect.poll(() => world.held).toBe(1);
	await flowdeck.kill();
	expect(await cut).toBe('cut');
	await flowdeck.start();
	await expect.poll(() => world.calls('/gate').length, 'the card that was under way is asked again').toBe(2);
	world.open();
	await expect.poll(() => world.calls('/echo').length).toBe(1);
	const page = await (await client.get('/runs')).text();
	const run = page.match(/\/runs\/(r_[\w-]+)/)![1];
	await expect.poll(async () => await (await fetch(`${flowdeck.url}/api/runs/${run}`)).json(), { intervals: [50] }).toMatchObject({ status: 'succeeded', answer: { body: { order: 'crm_1' } } });
	expect(world.calls('/contacts'), 'what was done before the crash').toHaveLength(1);
	await world.stop();
});
