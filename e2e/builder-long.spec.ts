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
