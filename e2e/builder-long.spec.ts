import type { Page } from '@playwright/test';
import { Builder } from './support/builder.ts';
import { longFlow } from './support/long.ts';
import { expect, test } from './support/test.ts';

test('a long flow has forms where they are looked at', async ({ app: page, client, world }) => {
	const b = await new Builder(page).open(await client.flow(longFlow(300, world.url)));
	const elements = () => page.evaluate(() => document.querySelectorAll('*').length);
	expect(await elements()).toBeLessThan(14_000);
	await expect(page.locator('#card-get_70')).toHaveAttribute('data-light');
	await page.locator('fd-canvas [data-step][tabindex="0"]').focus();
	await page.keyboard.press('Control+f');
	await page.keyboard.type('items/70'); // at once: the bar may be on its way yet
	await expect(page.locator('#findbar input')).toHaveValue('items/70');
	await expect(page.locator('#f-get_70-url')).toBeVisible();
	await page.keyboard.press('Escape');
	await page.keyboard.press('Home');
	await page.keyboard.press('a');
	await page.keyboard.type('compose');
	await page.keyboard.press('Enter');
	await expect(page.locator('#card-get_70')).toHaveAttribute('data-number', '143');
	await expect(page.locator('#card-post_70')).toHaveAttribute('aria-label', /^Step 144\.1/);
	await page.keyboard.press('F8');
	await expect(page.locator('#f-compose-text .compose')).toBeFocused();
	await page.goto(page.url() + '#card-post_40');
	await page.reload();
	await expect(page.locator('#card-post_40')).toBeFocused();
	await expect(page.locator('#f-post_40-body')).toBeVisible();
	await page.keyboard.press('Enter');
	expect(await elements()).toBeLessThan(22_000);
	await b.saved();
});

/** What there is to read of every card: its place, number, name, what it sees, and the line after it. */
const cards = (page: Page) => page.evaluate(() => [...document.querySelectorAll<HTMLElement>('#chain [data-step]')].map(c =>
	[c.closest<HTMLElement>('[data-block]')?.id, c.id, c.dataset.number, c.querySelector('.chead .stepno')?.textContent, c.getAttribute('aria-label'), c.dataset.sees, c.nextElementSibling?.className].join(' | ')));

/** Expects that a page that was changed bit by bit is as one drawn now. */
async function expectAsDrawnNow(page: Page, what: string) {
	const other = await page.context().newPage();
	await other.goto(page.url());
	expect(await cards(page), what).toEqual(await cards(other));
	await other.close();
}

test('a card put first is drawn alone, and what follows gets its numbers where it stands', async ({ app: page, client, world }) => {
	const b = await new Builder(page).open(await client.flow(longFlow(100, world.url)));
	await expect.poll(() => page.locator('#chain > .step[data-ui-rests]').count(), 'steps far away rest').toBeGreaterThan(30);
	await page.evaluate(() => {
		const drawn: string[] = (window as unknown as { drawn: string[] }).drawn = [];
		new MutationObserver(list => {
			for (const { addedNodes, removedNodes } of list) for (const n of [...addedNodes, ...removedNodes]) if (n instanceof HTMLElement && n.matches('.step, [data-step]')) drawn.push(n.id);
		}).observe(document.querySelector('#chain')!, { childList: true, subtree: true });
	});
	const drawn = () => page.evaluate(() => (window as unknown as { drawn: string[] }).drawn.splice(0));
	const width = () => page.evaluate(() => document.querySelector('fd-canvas')!.scrollWidth);
	const wide = await width();

	await b.add('Compose', page.locator('#chain .plus').first());
	await expect(page.locator('#card-post_20')).toHaveAttribute('aria-label', /^Step 44\.1/);
	await expect(page.locator('#card-compose')).toBeInViewport();
	expect(await drawn()).toEqual(['step-compose']);
	expect(await width()).toBeGreaterThan(wide + 250);
	await expectAsDrawnNow(page, 'a card put first');

	await page.locator('#top [data-act=undo]').click();
	await expect(page.locator('#card-compose')).toHaveCount(0);
	await expect(page.locator('#card-post_20')).toHaveAttribute('aria-label', /^Step 43\.1/);
	expect(await drawn()).toEqual(['step-compose']);
	expect(Math.abs(await width() - wide)).toBeLessThan(4);
	await expectAsDrawnNow(page, 'a card taken back');

	await b.add('Compose', page.locator('#lead-if_0-then .plus'));
	expect(await drawn()).toEqual(['step-compose']);
	await expectAsDrawnNow(page, 'a card put first in a lane');
	await page.locator('#card-text_0').focus();
	await page.keyboard.press('Delete'); // its lane is empty then
	await b.saved();
	await expect(page.locator('#lane-if_0-else .tailadd')).toBeVisible();
	await expectAsDrawnNow(page, 'the only card of a lane deleted');
	await page.locator('#card-if_1').focus();
	await page.keyboard.press('Delete');
	await b.saved();
	await expectAsDrawnNow(page, 'a block deleted');
	for (let i = 0; i < 3; i++) {
		await page.locator('#top [data-act=undo]').click();
		await b.saved();
	}
	await expectAsDrawnNow(page, 'all of it taken back');
});
