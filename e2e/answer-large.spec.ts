import { readFileSync } from 'node:fs';
import { Builder } from './support/builder.ts';
import { endpoint, flow, get, post } from './support/documents.ts';
import { accessible } from './support/looks.ts';
import { expect, test } from './support/test.ts';

test('an answer of 10 MB is shown in parts, in the drawer and in the run, and downloaded whole', async ({ app: page, client, world }) => {
	const made = flow('Large answers', endpoint(), [get('all', world.url + '/large'), post('pass_on', world.url + '/echo', '{"all": {{all.body}}}')]);
	const id = await client.live(made);
	const b = await new Builder(page).open(id);
	await b.menu('All', /Test this card/);
	await b.drawer.getByRole('button', { name: 'Run test' }).click();
	await expect(b.drawer.locator('#test-status')).toContainText('200 OK');
	const tree = b.drawer.getByRole('group', { name: 'Body received' }), rows = tree.locator('.row');
	await expect(tree).toContainText('more items');
	expect(await rows.count(), 'a bounded part').toBeLessThan(600);
	const before = await rows.count();
	await tree.getByRole('button', { name: /^Show more/ }).press('Enter');
	await expect.poll(() => rows.count()).toBeGreaterThan(before + 300);
	await expect(rows.nth(before - 2), 'reading goes on where the button was').toBeFocused();
	await accessible(page, 'a long answer');
	const [download] = await Promise.all([page.waitForEvent('download'), b.drawer.getByRole('link', { name: 'Download the whole body' }).click()]);
	expect(download.suggestedFilename()).toBe('all-body.json');
	const all = JSON.parse(readFileSync(await download.path(), 'utf8')) as { id: number }[];
	expect(all.length).toBe(80_000);
	expect(all[79_999].id).toBe(79_999);

	// what is too long to be edited goes into the next card all the same
	await page.keyboard.press('Escape');
	await b.menu('Pass on', /Test this card/);
	await expect(b.drawer.getByRole('textbox', { name: /Body/ })).toHaveValue(/^The whole value: \d/);
	await b.drawer.getByRole('button', { name: 'Run test' }).click();
	await b.drawer.getByRole('button', { name: 'Send it' }).click();
	await expect(b.drawer.locator('#test-status')).toBeVisible();
	expect(world.calls('/echo').at(-1)!.body.length).toBeGreaterThan(8_000_000);

	await fetch(`${client.url}/api/flows/${made.alias}/invoke`, { method: 'POST' }).then(r => r.text());
	await page.goto(`/flows/${id}/runs`);
	await page.locator('#runs-first a').first().click();
	await page.getByRole('list', { name: 'Cards in this run' }).getByRole('link', { name: /All/ }).click();
	const answer = page.locator('#box-output'), lines = answer.locator('.row');
	await expect(answer).toContainText('more items');
	const shown = await lines.count();
	await answer.getByRole('button', { name: /^Show more/ }).click();
	await expect.poll(() => lines.count()).toBeGreaterThan(shown + 300);
	await accessible(page, 'a long output of a run');
});
