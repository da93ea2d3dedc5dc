import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { results } from './support/build.ts';
import { Builder } from './support/builder.ts';
import { flow, giveBack, manual } from './support/documents.ts';
import { accessible, look, looks, overflowing } from './support/looks.ts';
import { expect, test } from './support/test.ts';

/** Runs the flow that is open and opens its run. */
async function run(page: Page, id: string, values: Record<string, string> = {}): Promise<void> {
	await page.getByRole('button', { name: 'Run', exact: true }).first().click();
	const dialog = page.getByRole('dialog');
	for (const [name, value] of Object.entries(values)) await dialog.getByLabel(name).fill(value);
	await dialog.getByRole('button', { name: 'Run' }).click();
	await expect(dialog).toBeHidden();
	await page.goto(`/flows/${id}/runs`);
	await page.locator('#runs-first a').first().click();
}

/** Looks at a page in every look there is. */
async function inspect(page: Page, name: string): Promise<void> {
	for (const l of looks) {
		await look(page, l);
		await accessible(page, `${name}, ${l.theme}, ${l.width}`, l.theme === 'dark');
		if (name === 'form') expect.soft(await overflowing(page), `${name} at ${l.width}`).toEqual([]);
		await page.screenshot({ path: join(results, 'waits', `${name}-${l.theme}-${l.width}.png`), fullPage: true });
	}
	await look(page, looks[0]);
}

test('an approval is built, asked for by a link, and given', async ({ app: page, client, world, browser }) => {
	test.setTimeout(600_000);
	const id = await client.flow(flow('Leave', manual({ name: 'who', type: 'text', required: true }), [giveBack({ outcome: '{{ask.outcome}}', days: '{{ask.days}}', by: '{{ask.answered_by}}' })]));
	const b = await new Builder(page).open(id);
	await b.add('Wait for Callback', b.after('Manual'));
	const title = b.field('Wait for Callback', 'Title');
	await title.fill('Leave for {{start.who}}');
	await b.saved();
	await b.card('Wait for Callback').getByRole('button', { name: /^Add/ }).first().click();
	const name = b.card('Wait for Callback').getByRole('textbox', { name: 'Name', exact: true });
	await name.fill('days');
	await name.blur();
	await b.card('Wait for Callback').getByRole('combobox', { name: 'Type' }).selectOption('number');
	await b.saved();
	await b.add('Get', b.lane('Send the link', 'Wait for Callback'));
	await b.field('Get', 'URL').fill(world.url + '/echo?link={{wait_for_callback.url}}');
	await b.saved();
	await expect(b.card('Get').locator('.msg'), 'the link can be used in the lane').toHaveCount(0);
	for (const key of ['outcome', 'days', 'by']) {
		const field = b.card('Return').getByRole('textbox', { name: key, exact: true });
		await field.fill(`{{wait_for_callback.${key === 'by' ? 'answered_by' : key}}}`);
	}
	await b.saved();
	await accessible(page, 'the card');
	await run(page, id, { who: 'Maya' });

	const card = page.getByRole('region', { name: 'Card input and output' });
	await page.getByRole('list', { name: 'Cards in this run' }).getByRole('link', { name: /Wait for Callback/ }).click();
	await expect(card).toContainText('Waiting for an answer until');
	const link = (await card.getByRole('link', { name: 'Open the form' }).getAttribute('href'))!;
	expect(world.calls('/echo').some(c => c.path.includes(encodeURIComponent(link)) || decodeURIComponent(c.path).includes(link)), 'the link was sent').toBe(true);
	await inspect(page, 'run');

	const stranger = await (await browser.newContext()).newPage();
	await stranger.goto(link);
	await expect(stranger.getByRole('heading', { name: 'Leave for Maya' })).toBeVisible();
	await inspect(stranger, 'form');
	await stranger.context().close();

	const plain = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
	await plain.goto(link);
	await plain.getByLabel('days').fill('many');
	await plain.getByRole('button', { name: 'Approve' }).click();
	await expect(plain.getByText('It must be a number')).toBeVisible();
	await expect(plain.getByText('Say who you are.')).toBeVisible();
	await plain.getByLabel('days').fill('5');
	await plain.getByLabel('Your name').fill('Ann Lee');
	await plain.getByLabel('Your name').press('Enter');
	await expect(plain.getByRole('button', { name: 'Approve' }), 'Enter decides nothing').toBeVisible();
	await plain.getByRole('button', { name: 'Approve' }).focus();
	await plain.keyboard.press('Enter');
	await expect(plain.getByRole('heading', { name: 'Approved' })).toBeVisible();
	await plain.goto(link);
	await expect(plain.getByRole('heading', { name: 'Already answered' })).toBeVisible();
	await plain.context().close();

	await expect(page.locator('#run-tree')).toContainText('Done');
	await page.getByRole('list', { name: 'Cards in this run' }).getByRole('link', { name: /Return/ }).click();
	await expect(card).toContainText('approved');
	await expect(card).toContainText('Ann Lee');
});

test('a flow calls another one', async ({ app: page, client }) => {
	test.setTimeout(600_000);
	const helper = await client.live(flow('Look up', { id: 'start', card: 'event.helper', inputs: { inputs: [{ name: 'email', type: 'text', required: true }] } },
		[giveBack({ found: '{{start.email}}' })]));
	const id = await client.flow(flow('Caller', manual(), []));
	const b = await new Builder(page).open(id);
	await b.add('Call Flow', b.after('Manual'));
	await b.card('Call Flow').getByRole('button', { name: /^Flow/ }).click();
	await page.locator('.opt[data-value]', { has: page.locator('b', { hasText: /^Look up$/ }) }).click();
	await b.saved();
	await expect(b.output('call_flow.found'), 'what the flow returns').toBeVisible();
	await b.field('Call Flow', 'email').fill('maya@acme.io');
	await b.saved();
	await accessible(page, 'the calling card');
	await run(page, id);
	await page.getByRole('list', { name: 'Cards in this run' }).getByRole('link', { name: /Call Flow/ }).click();
	const card = page.getByRole('region', { name: 'Card input and output' });
	await expect(card).toContainText('maya@acme.io');
	await card.getByRole('link', { name: 'Look up' }).click();
	await expect(page.locator('#run-tree')).toContainText('called by Caller');
	await page.locator('#run-tree').getByRole('link', { name: /^…/ }).click();
	await expect(page.locator('#run-tree').getByRole('link', { name: /Call Flow/ })).toBeVisible();

	await page.goto('/flows');
	await page.getByRole('button', { name: 'More for Look up' }).click();
	await page.getByRole('menuitem', { name: 'Delete' }).click();
	await expect(page.getByRole('dialog')).toContainText('It is called by Caller: their calls will fail.');
	void helper;
});
