import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { look, looks, paint } from './support/looks.ts';
import { scenes, stage, type Stage } from './support/scenes.ts';
import { expect, test as base } from './support/test.ts';

// Pictures for people to look at: every screen, light and dark, wide and narrow.
// They are not compared; that each screen is drawn without an error in the console is.

const folder = fileURLToPath(new URL('../test-results/screens', import.meta.url));

const test = base.extend<object, { made: Stage }>({
	made: [async ({ client, world }, use) => use(await stage(client, world)), { scope: 'worker' }],
});

test.describe.configure({ mode: 'parallel' });

for (const width of [1440, 390]) {
	test(`every screen is drawn, ${width} wide`, async ({ app: page, made }) => {
		test.setTimeout(180_000);
		await page.goto('/flows');
		await look(page, looks.find(l => l.width === width)!);
		for (const scene of scenes(made)) {
			await paint(page, 'light');
			await scene.show(page);
			for (const theme of ['light', 'dark'] as const) {
				await paint(page, theme);
				const picture = await page.screenshot({ path: join(folder, `${scene.name}-${theme}-${width}.png`), animations: 'disabled', caret: 'initial' });
				expect(picture.length, `${scene.name} is not blank`).toBeGreaterThan(5000);
			}
		}
	});
}
