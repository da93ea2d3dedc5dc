import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { results } from './support/build.ts';
import { firstDay } from './support/firstday.ts';
import { accessible, look, looks, overflowing, paint } from './support/looks.ts';
import { scenes, stage, type Stage } from './support/scenes.ts';
import { expect, test as base, watch } from './support/test.ts';

// Every screen, light and dark, wide and narrow: drawn without an error in the
// console, accessible, with nothing that sticks out; and a picture for people to look at.

const folder = join(results, 'screens');

const test = base.extend<object, { made: Stage }>({
	made: [async ({ client, world }, use) => use(await stage(client, world)), { scope: 'worker' }],
});

test.describe.configure({ mode: 'parallel' });

/** Takes a picture of what a page shows. */
async function picture(page: Page, name: string, theme: string): Promise<void> {
	const shot = await page.screenshot({ path: join(folder, `${name}-${theme}-${page.viewportSize()!.width}.png`), animations: 'disabled', caret: 'initial' });
	expect(shot.length, `${name} is not blank`).toBeGreaterThan(5000);
}

/** Looks at what a page shows in both themes. The dark one differs in colours only. */
async function inspect(page: Page, name: string): Promise<void> {
	const width = page.viewportSize()!.width;
	await paint(page, 'light');
	await accessible(page, `${name}, light, ${width}`);
	await picture(page, name, 'light');
	if (width < 500) expect.soft(await overflowing(page), `${name} sticks out at ${width}`).toEqual([]);
	await paint(page, 'dark');
	await accessible(page, `${name}, dark, ${width}`, true);
	await picture(page, name, 'dark');
}

const parts = 4; // side by side
for (const width of [1440, 390]) {
	const size = looks.find(l => l.width === width)!;

	for (let part = 0; part < parts; part++) {
		test(`every screen, ${width} wide, part ${part + 1}`, async ({ app: page, made }) => {
			test.setTimeout(600_000);
			await page.goto('/flows');
			for (const scene of scenes(made).filter((_, i) => i % parts === part)) {
				await look(page, size);
				await scene.show(page);
				await inspect(page, scene.name);
				if (width === 1440) continue;
				await page.setViewportSize({ width: 320, height: 700 });
				expect.soft(await overflowing(page), `${scene.name} sticks out at 320`).toEqual([]);
			}
		});
	}

	base(`the first day, ${width} wide`, async ({ page }) => {
		const problems = watch(page);
		await page.setViewportSize({ width, height: size.height });
		await firstDay(page, name => inspect(page, name));
		expect(problems).toEqual([]);
	});

	test(`the page for strangers, ${width} wide`, async ({ page, flowdeck, client }) => {
		void client; // the account is there, so this is the page of every day
		await page.goto(flowdeck.url + '/login');
		await look(page, size);
		await inspect(page, 'sign-in');
	});
}
