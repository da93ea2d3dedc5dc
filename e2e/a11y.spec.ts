import { accessible, look, looks, overflowing, paint } from './support/looks.ts';
import { scenes, stage, type Stage } from './support/scenes.ts';
import { expect, test as base } from './support/test.ts';

const test = base.extend<object, { made: Stage }>({
	made: [async ({ client, world }, use) => use(await stage(client, world)), { scope: 'worker' }],
});

// Each screen is checked whole in light; the dark theme differs in colours only.
test('every screen on a desk', async ({ app: page, made }) => {
	test.setTimeout(300_000);
	await page.goto('/flows');
	for (const scene of scenes(made)) {
		await look(page, looks[0]);
		await scene.show(page);
		await accessible(page, `${scene.name}, light, 1440`);
		await paint(page, 'dark');
		await accessible(page, `${scene.name}, dark, 1440`, true);
	}
});

test('every screen on a phone, where nothing sticks out', async ({ app: page, made }) => {
	test.setTimeout(300_000);
	await page.goto('/flows');
	for (const scene of scenes(made)) {
		await look(page, looks[2]);
		await scene.show(page);
		await accessible(page, `${scene.name}, light, 390`);
		expect.soft(await overflowing(page), `${scene.name} sticks out at 390`).toEqual([]);
		await paint(page, 'dark');
		await accessible(page, `${scene.name}, dark, 390`, true);
		await page.setViewportSize({ width: 320, height: 700 });
		expect.soft(await overflowing(page), `${scene.name} sticks out at 320`).toEqual([]);
	}
});

test('the pages for strangers', async ({ page, flowdeck, client }) => {
	void client; // the account is there, so this is the page of every day
	for (const l of looks) {
		await page.goto(flowdeck.url + '/login');
		await look(page, l);
		await accessible(page, `sign-in, ${l.theme}, ${l.width}`);
		expect(await overflowing(page)).toEqual([]);
	}
});
