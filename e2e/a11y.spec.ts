import { accessible, look, looks, overflowing, paint } from './support/looks.ts';
import { scenes, stage, type Stage } from './support/scenes.ts';
import { expect, test as base } from './support/test.ts';

const test = base.extend<object, { made: Stage }>({
	made: [async ({ client, world }, use) => use(await stage(client, world)), { scope: 'worker' }],
});

test.describe.configure({ mode: 'parallel' });

// Each screen is checked whole in light; the dark theme differs in colours only.
const parts = 4; // side by side
for (let part = 0; part < parts; part++) {
	const share = (made: Stage) => scenes(made).filter((_, i) => i % parts === part);

	test(`every screen on a desk, part ${part + 1}`, async ({ app: page, made }) => {
		test.setTimeout(600_000);
		await page.goto('/flows');
		await look(page, looks[0]);
		for (const scene of share(made)) {
			await paint(page, 'light');
			await scene.show(page);
			await accessible(page, `${scene.name}, light, 1440`);
			await paint(page, 'dark');
			await accessible(page, `${scene.name}, dark, 1440`, true);
		}
	});

	test(`every screen on a phone, where nothing sticks out, part ${part + 1}`, async ({ app: page, made }) => {
		test.setTimeout(600_000);
		await page.goto('/flows');
		for (const scene of share(made)) {
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
}

test('the pages for strangers', async ({ page, flowdeck, client }) => {
	void client; // the account is there, so this is the page of every day
	for (const l of looks) {
		await page.goto(flowdeck.url + '/login');
		await look(page, l);
		await accessible(page, `sign-in, ${l.theme}, ${l.width}`);
		expect(await overflowing(page)).toEqual([]);
	}
});
