import { accessible, look, looks, overflowing } from './support/looks.ts';
import { scenes, stage, type Stage } from './support/scenes.ts';
import { expect, test as base } from './support/test.ts';

const test = base.extend<object, { made: Stage }>({
	made: [async ({ client, world }, use) => use(await stage(client, world)), { scope: 'worker' }],
});

for (const l of looks) {
	test(`nothing stands in anyone's way, ${l.theme}, ${l.width} wide`, async ({ app: page, made }) => {
		test.setTimeout(300_000);
		await page.goto('/flows');
		await look(page, l);
		for (const scene of scenes(made)) {
			await scene.show(page);
			await accessible(page, `${scene.name}, ${l.theme}, ${l.width}`);
			if (l.width < 500) expect.soft(await overflowing(page), `${scene.name} sticks out at ${l.width}`).toEqual([]);
		}
	});
}

test('nothing sticks out at 320', async ({ app: page, made }) => {
	test.setTimeout(200_000);
	await page.goto('/flows');
	await look(page, { ...looks[2], width: 320 as 390 });
	for (const scene of scenes(made)) {
		await scene.show(page);
		expect.soft(await overflowing(page), `${scene.name} sticks out at 320`).toEqual([]);
	}
});

test('the pages for strangers', async ({ page, flowdeck, client }) => {
	void client;
	for (const l of looks) {
		await page.goto(flowdeck.url + '/login');
		await look(page, l);
		await accessible(page, `sign-in, ${l.theme}, ${l.width}`);
		expect(await overflowing(page)).toEqual([]);
	}
});
