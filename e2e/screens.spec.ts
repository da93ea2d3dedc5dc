import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { firstDay } from './support/firstday.ts';
import { look, looks, paint } from './support/looks.ts';
import { scenes, stage, type Stage } from './support/scenes.ts';
import { expect, test as base, watch } from './support/test.ts';

// Pictures for people to look at: every screen, light and dark, wide and narrow.
// They are not compared; that each screen is drawn without an error in the console is.

const folder = fileURLToPath(new URL('../test-results/screens', import.meta.url));

const test = base.extend<object, { made: Stage }>({
	made: [async ({ client, world }, use) => use(await stage(client, world)), { scope: 'worker' }],
});

test.describe.configure({ mode: 'parallel' });

/** Takes both pictures of what a page shows, and leaves it light. */
async function pictures(page: Page, name: string): Promise<void> {
	for (const theme of ['dark', 'light'] as const) {
		await paint(page, theme);
		const picture = await page.screenshot({ path: join(folder, `${name}-${theme}-${page.viewportSize()!.width}.png`), animations: 'disabled', caret: 'initial' });
		expect(picture.length, `${name} is not blank`).toBeGreaterThan(5000);
	}
}

const parts = 3; // side by side
for (const width of [1440, 390]) {
	const size = looks.find(l => l.width === width)!;

	for (let part = 0; part < parts; part++) {
		test(`every screen is drawn, ${width} wide, part ${part + 1}`, async ({ app: page, made }) => {
			test.setTimeout(600_000);
			await page.goto('/flows');
			await look(page, size);
			for (const scene of scenes(made).filter((_, i) => i % parts === part)) {
				await scene.show(page);
				await pictures(page, scene.name);
			}
		});
	}

	base(`the first day is drawn, ${width} wide`, async ({ page }) => {
		const problems = watch(page);
		await page.setViewportSize({ width, height: size.height });
		await firstDay(page, name => pictures(page, name));
		expect(problems).toEqual([]);
	});
}
