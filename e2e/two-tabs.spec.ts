import type { Page } from '@playwright/test';
import { Builder, ids } from './support/builder.ts';
import { flow, get, manual } from './support/documents.ts';
import { expect, test } from './support/test.ts';

const conflict = (page: Page) => page.locator('#conflict');

/** Chooses cards that stand one after the other, by keyboard. */
async function choose(page: Page, first: string, more: number): Promise<void> {
	await page.locator(`#card-${first}`).focus();
	for (let i = 0; i < more; i++) await page.keyboard.press('Shift+ArrowRight');
	if (more) await expect(page.getByRole('toolbar', { name: 'Chosen cards' })).toContainText(`${more + 1} cards chosen`);
}

test('two tabs change several cards of one flow, and nothing is lost', async ({ app: here, client, world }) => {
	await here.context().grantPermissions(['clipboard-read', 'clipboard-write']);
	const id = await client.flow(flow('Two tabs of many', manual(), ['one', 'two', 'three', 'four', 'five'].map(x => get(x, `${world.url}/${x}`))));
	const there = await here.context().newPage();
	const a = await new Builder(here).open(id), b = await new Builder(there).open(id);

	await test.step('deleted in one tab, while the other has put a card first', async () => {
		await a.add('Note', a.after('Manual'));
		await here.keyboard.type('First of all');
		await a.saved();
		await choose(there, 'two', 1);
		await there.keyboard.press('Delete');
		await expect(conflict(there)).toContainText('You, in another tab, changed this flow');
		await expect.poll(() => ids(there), 'this tab shows what the other did, and nothing is gone').toBe('start note one two three four five');
		await conflict(there).getByRole('button', { name: 'Apply it again' }).click();
		await expect.poll(() => ids(there)).toBe('start note one four five');
		await expect(conflict(there)).toBeEmpty();
	});

	await test.step('pasted where it was meant, not where it is counted', async () => {
		await choose(here, 'four', 1);
		await here.keyboard.press('Control+c');
		await expect(here.locator('#say')).toContainText('2 cards copied');
		await here.keyboard.press('Escape');
		await here.locator('#card-five').focus();
		await here.keyboard.press('Control+v');
		await expect(conflict(here)).toContainText('You, in another tab, changed this flow');
		await expect.poll(() => ids(here)).toBe('start note one four five');
		await conflict(here).getByRole('button', { name: 'Apply it again' }).click();
		await expect.poll(() => ids(here), 'after five, though two cards before it are gone').toBe('start note one four five four_2 five_2');
	});

	await test.step('put into a block, given up, and what is typed meanwhile stays', async () => {
		await b.field('One', 'URL').fill(`${world.url}/typed`);
		await expect(conflict(there)).toContainText('You, in another tab, changed this flow');
		await conflict(there).getByRole('button', { name: 'Apply it again' }).click();
		await b.holds('One', 'URL', `${world.url}/typed`);
		await choose(here, 'four', 1);
		await here.keyboard.press('w');
		await here.keyboard.type('if');
		await here.keyboard.press('Enter');
		await expect(conflict(here)).toContainText('You, in another tab, changed this flow');
		await conflict(here).getByRole('button', { name: 'Discard it' }).click();
		await expect(here.locator('.lane')).toHaveCount(0);
		await choose(here, 'four', 1);
		await here.keyboard.press('w');
		await here.keyboard.type('if');
		await here.keyboard.press('Enter');
		await expect.poll(() => ids(here)).toBe('start note one if_else four five four_2 five_2');
	});

	for (const page of [here, there]) {
		await page.reload();
		await new Builder(page).ready();
		expect(await ids(page)).toBe('start note one if_else four five four_2 five_2');
		await expect(page.locator('#f-one-url')).toHaveAttribute('value', `${world.url}/typed`);
	}
	await there.close();
});

test('an edit that came second is not forgotten while others are made', async ({ app: here, client, world }) => {
	const id = await client.flow(flow('Second', manual(), ['one', 'two'].map(x => get(x, `${world.url}/${x}`))));
	const there = await here.context().newPage();
	const a = await new Builder(here).open(id), b = await new Builder(there).open(id);
	await a.field('One', 'URL').fill(`${world.url}/first`);
	await a.saved();
	await b.field('One', 'URL').fill(`${world.url}/second`);
	await expect(conflict(there)).toContainText('You, in another tab, changed this flow');
	await b.field('Two', 'URL').fill(`${world.url}/more`);
	await b.saved();
	await expect(conflict(there)).toContainText('Your last edit was not applied');
	await there.getByRole('button', { name: 'Run', exact: true }).first().click();
	await expect(there.getByText('Decide what becomes of your edit')).toBeVisible();
	await expect(conflict(there).getByRole('button', { name: 'Apply it again' })).toBeFocused();
	await there.keyboard.press('Enter');
	await expect(conflict(there)).toBeEmpty();
	await b.saved();
	await b.holds('One', 'URL', `${world.url}/second`);
	await there.reload();
	await new Builder(there).ready();
	await expect(there.locator('#f-one-url')).toHaveAttribute('value', `${world.url}/second`);
	await expect(there.locator('#f-two-url')).toHaveAttribute('value', `${world.url}/more`);
	await there.close();
});
