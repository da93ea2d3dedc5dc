import { accessible, look, looks, overflowing } from './support/looks.ts';
import { Builder } from './support/builder.ts';
import { close, endpoint, flow, get, input, post } from './support/documents.ts';
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
		for (const l of [looks[2]]) {
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
		for (const l of [looks[1], looks[2]]) {
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

test('outputs are pinned, parts of a draft run, a run becomes a test that guards publishing', async ({ app: page, client, flowdeck, world }) => {
	const id = await client.live(flow('Guarded', endpoint(input('id')), [
		get('customer', world.url + '/customers/{{endpoint.id}}?guarded'), post('write', world.url + '/echo?guarded', '{"name": {{customer.body.name}}}'), close('reply', 200, '{"ok": true}')]));
	const called = (path: string) => world.calls(path).filter(s => s.path.includes('guarded')).length;
	const answer = await fetch(`${flowdeck.url}/api/flows/guarded/invoke`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"id": "C-11"}' });
	expect(answer.status).toBe(200);
	const b = await new Builder(page).open(id);
	const menu = async (card: string, item: string) => {
		await b.card(card).getByRole('button', { name: `${card}: card menu` }).click();
		await page.getByRole('menuitem', { name: item }).click();
	};
	const looksRight = async (what: string, at = [looks[1], looks[2]]) => {
		for (const l of at) {
			await look(page, l);
			await accessible(page, `${what} ${l.theme} ${l.width}`);
			if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${what}-${l.theme}-${l.width}.png` });
		}
		await look(page, looks[0]);
	};

	await test.step('a pinned card is not called by runs of the draft', async () => {
		await menu('Customer', 'Pin an output…');
		const dialog = page.getByRole('dialog', { name: /Pin the output/ });
		await expect(dialog.getByLabel('Output')).toHaveValue(/"status_code": 200/);
		await looksRight('pin', [looks[2]]);
		await dialog.getByRole('button', { name: 'Pin it' }).click();
		await expect(b.card('Customer').getByRole('button', { name: 'Pinned' })).toBeVisible();
		const before = [called('/customers'), called('/echo')];
		await menu('Write', 'Run to here…');
		const run = page.getByRole('dialog', { name: /Run to 3 Write/ });
		await expect(run).toContainText('1 card has a pinned output');
		await run.getByRole('button', { name: 'Run', exact: true }).press('Enter');
		await expect(b.toast.last()).toContainText('Run finished');
		expect([called('/customers'), called('/echo')]).toEqual([before[0], before[1] + 1]);
	});

	await test.step('a run from a card takes what came before it', async () => {
		await b.card('Customer').getByRole('button', { name: 'Pinned' }).click();
		await page.getByRole('button', { name: 'Take the pin off' }).click();
		await expect(b.card('Customer').getByRole('button', { name: 'Pinned' })).toHaveCount(0);
		const before = [called('/customers'), called('/echo')];
		await menu('Write', 'Run from here…');
		const run = page.getByRole('dialog', { name: /Run from 3 Write/ });
		await expect(run.getByRole('list', { name: 'Cards before' })).toContainText('from that run');
		await looksRight('run-from', [looks[1]]);
		await run.getByRole('button', { name: 'Run', exact: true }).click();
		await expect(b.toast.last()).toContainText('Run finished');
		expect([called('/customers'), called('/echo')]).toEqual([before[0], before[1] + 1]);
	});

	await test.step('the run becomes a test', async () => {
		await page.goto(`/flows/${id}/runs`);
		await page.locator('#runs-first a').last().click();
		await page.getByRole('button', { name: 'More ways to run this again' }).click();
		await page.getByRole('menuitem', { name: 'Save as a test…' }).click();
		await page.getByRole('dialog').getByLabel('Name').fill('Writes the name');
		await page.keyboard.press('Enter');
		await expect(page.getByRole('heading', { name: 'Writes the name' })).toBeVisible();
		await looksRight('test');
		await page.getByRole('link', { name: 'Tests' }).last().click();
		await page.getByRole('button', { name: 'Run all on the draft' }).click();
		await expect(page.locator('#test-list')).toContainText('Passed');
		await page.getByLabel('Publish only when all tests pass').press('Space');
		await expect(page.getByLabel('Publish only when all tests pass')).toBeChecked();
	});

	await test.step('a broken flow fails it, and is not published', async () => {
		const before = called('/echo');
		await b.open(id);
		await b.field('Write', 'Body').fill('{"name": "somebody"}');
		await b.saved();
		await page.locator('#publish').click();
		const dialog = page.getByRole('dialog', { name: /^Publish v2/ });
		await expect(dialog.locator('#publish-tests')).toContainText('1 test fails');
		await expect(dialog.locator('#publish-tests')).toContainText('the body differs');
		await expect(dialog.getByRole('button', { name: 'Publish' })).toBeDisabled();
		await looksRight('publish-blocked', [looks[2]]);
		expect(called('/echo'), 'tests call nothing').toBe(before);
	});
});
