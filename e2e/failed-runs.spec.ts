import { invoke } from './support/client.ts';
import { close, endpoint, flow, get, input, post } from './support/documents.ts';
import { accessible, look, looks, overflowing, paint } from './support/looks.ts';
import { expect, test } from './support/test.ts';

test('failed runs are taken up together, after what would happen twice was shown', async ({ app: page, client, flowdeck, world }, info) => {
	test.setTimeout(300_000); // it looks at six screens in every look
	const id = await client.live(flow('Worked Through', endpoint(input('id')), [post('order', world.url + '/echo?through'), get('customer', world.url + '/customers/{{endpoint.id}}?through'), close('reply', 200, '{}')]));
	for (let i = 0; i < 4; i++) expect((await invoke(flowdeck.url, 'worked-through', { id: 'C-404' })).status).toBe(502);
	await page.goto('/runs');
	await expect(page.getByRole('navigation', { name: 'Main', exact: true }).getByRole('link', { name: /Runs/ })).toContainText('failed, to look at');
	await page.goto(`/flows/${id}/runs`);
	await page.getByRole('link', { name: /To look at/ }).click();
	await expect(page.locator('#runs-first a')).toHaveCount(4);

	const seen = async (name: string) => {
		for (const l of looks) {
			await look(page, l);
			await accessible(page, `${name}, ${l.theme}, ${l.width}`, l.theme === 'dark');
			expect.soft(await overflowing(page), `${name} sticks out at ${l.width}`).toEqual([]);
			await page.screenshot({ path: info.outputPath(`${name}-${l.theme}-${l.width}.png`) });
		}
		await page.setViewportSize({ width: 1440, height: 900 });
		await paint(page, 'light');
	};
	await seen('list');
	await page.getByRole('button', { name: 'Take up again…' }).click();
	const dialog = page.getByRole('dialog', { name: 'Take failed runs up again' });
	await expect(dialog).toContainText('4 failed runs that nobody has dealt with. Nothing has begun yet.');
	await expect(dialog).toContainText('From the step that failed, no card that changes something is repeated.');
	await expect(dialog.getByText('Order (step 2): 4 times; all had taken effect'), 'what the other choice would repeat').toBeHidden();
	await dialog.getByRole('radio', { name: /^The start/ }).check();
	await expect(dialog.getByText('Order (step 2): 4 times; all had taken effect')).toBeVisible();
	await expect(dialog.getByText('From the step that failed, no card')).toBeHidden();
	await dialog.getByLabel('With').focus();
	const asked = page.waitForResponse(/redos\/new\?.*version=live/);
	await dialog.getByLabel('With').selectOption({ label: 'The version that is live now' });
	await asked;
	await expect(dialog.getByRole('radio', { name: /^The start/ }), 'what was chosen stays, with the list of another version').toBeChecked();
	await expect(dialog.getByText('Order (step 2): 4 times; all had taken effect')).toBeVisible();
	await expect(dialog.getByLabel('With')).toBeFocused();
	await expect(dialog.getByLabel('With')).toHaveValue('live');
	await dialog.getByLabel('With').selectOption({ label: 'The version that ran' });
	await seen('dialog');
	await dialog.getByRole('radio', { name: /^The step that failed/ }).check();
	await dialog.getByRole('button', { name: 'Take up 4 runs' }).click();
	await expect(page).toHaveURL(/\/redos\/rd_/);
	await expect(page.getByText('All 4 failed again')).toBeVisible();
	await expect(page.locator('#redo')).toContainText('Failed again 4');
	await expect(page.getByRole('region', { name: 'Failed again' }).getByRole('link')).toHaveCount(4);
	await seen('redo');
	expect(world.calls('/echo').filter(s => s.path.includes('through')).length, 'the order was not sent again').toBe(4);

	await page.getByRole('link', { name: 'Failed runs' }).click();
	await expect(page.locator('#runs-first a')).toHaveCount(4);
	await page.locator('#runs-first a').first().click();
	await expect(page.locator('#run-tree')).toContainText('Somebody has to look at this run.');
	await seen('run');
	await page.locator('#run-tree').getByRole('button', { name: 'Dismiss…' }).click();
	await page.getByRole('dialog').getByLabel('Note').fill('Ordered by phone');
	await seen('dismiss');
	await page.getByRole('dialog').getByRole('button', { name: 'Dismiss' }).click();
	await expect(page.locator('#run-tree')).toContainText('Dismissed by Maya Okafor');
	await expect(page.locator('#run-tree')).toContainText('“Ordered by phone”');
	await page.goto(`/flows/${id}/runs?state=open`);
	await expect(page.locator('#runs-first a')).toHaveCount(3);
	await page.getByRole('button', { name: 'Dismiss…' }).click();
	await page.getByRole('dialog', { name: 'Dismiss 3 failed runs' }).getByRole('button', { name: 'Dismiss' }).click();
	await expect(page.getByText('Nothing to look at')).toBeVisible();
});

test('running again asks before a card takes effect twice', async ({ app: page, client, flowdeck, world }) => {
	const id = await client.live(flow('Asks First', endpoint(input('id')), [post('order', world.url + '/echo?asks'), get('customer', world.url + '/customers/{{endpoint.id}}?asks'), close('reply', 200, '{}')]));
	expect((await invoke(flowdeck.url, 'asks-first', { id: 'C-404' })).status).toBe(502);
	const orders = () => world.calls('/echo').filter(s => s.path.includes('asks')).length;
	await page.goto(`/flows/${id}/runs`);
	await page.locator('#runs-first a').click();
	await page.locator('#run-tree').getByRole('button', { name: 'Re-run' }).press('Enter');
	const dialog = page.getByRole('dialog', { name: 'Run again from the start' });
	await expect(dialog).toContainText('Order (step 2): once; it had taken effect');
	await accessible(page, 'before running again');
	expect(orders()).toBe(1);
	await page.keyboard.press('Escape');
	await expect(dialog).toBeHidden();
	expect(orders(), 'nothing began').toBe(1);
	await page.locator('#run-tree').getByRole('button', { name: 'Re-run' }).press('Enter');
	await dialog.getByRole('button', { name: 'Run again' }).press('Enter');
	await expect.poll(orders).toBe(2);
});

test('a flow is called when a run fails', async ({ app: page, client, flowdeck, world }, info) => {
	const inputs = ['code', 'run_id', 'step'].map(name => ({ name, type: 'text' }));
	await client.live(flow('Told Of Failures', { id: 'helper', card: 'event.helper', inputs: { inputs } }, [post('tell', world.url + '/echo?told={{helper.code}}')]));
	const id = await client.live(flow('Fails Loudly', endpoint(input('id')), [get('customer', world.url + '/customers/{{endpoint.id}}?loudly'), close('reply', 200, '{}')]));
	await page.goto(`/flows/${id}/runs`);
	await page.getByRole('button', { name: 'What happens when a run fails', exact: true }).click();
	const dialog = page.getByRole('dialog', { name: 'When a run fails' });
	await dialog.getByLabel('Call this flow').selectOption('Told Of Failures');
	for (const l of looks) {
		await look(page, l);
		await accessible(page, `on failure, ${l.theme}, ${l.width}`, l.theme === 'dark');
		await page.screenshot({ path: info.outputPath(`onfailure-${l.theme}-${l.width}.png`) });
	}
	await dialog.getByRole('button', { name: 'Save' }).click();
	await expect(dialog).toBeHidden();
	await expect(page.getByRole('button', { name: 'What happens when a run fails: a flow is called' })).toBeVisible();
	expect((await invoke(flowdeck.url, 'fails-loudly', { id: 'C-404' })).status).toBe(502);
	await expect.poll(() => world.calls('/echo').filter(s => s.path.includes('told=http_404')).length).toBe(1);
});
