import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from './support/client.ts';
import { accessible, look, looks, overflowing } from './support/looks.ts';
import { apart as test, expect, watch } from './support/test.ts';

test('changes that a damaged log has lost are told on every page until somebody has looked', async ({ page, own }, info) => {
	const problems = watch(page);
	const client = await Client.setUp(own.url, own.setupURL);
	await client.lend(page.context());
	await own.stop();
	const kept = join(own.data, 'flowdeck.db-wal.damaged-20260301T101112.000');
	writeFileSync(kept, 'what is left of a log');
	await own.start();
	expect(await (await fetch(own.url + '/readyz')).text()).toContain('changes_lost');
	for (const path of ['/flows', '/runs', '/settings']) {
		await page.goto(own.url + path);
		await expect(page.locator('#trouble')).toContainText('the last changes before that are not there');
		await expect(page.locator('#trouble')).toContainText(kept);
		for (const l of looks) {
			await look(page, l);
			await accessible(page, `${path} in trouble, ${l.theme}, ${l.width}`, l.theme === 'dark');
			expect.soft(await overflowing(page), `${path} sticks out at ${l.width}`).toEqual([]);
			await page.screenshot({ path: info.outputPath(`${path.slice(1)}-${l.theme}-${l.width}.png`) });
		}
	}
	await own.stop();
	rmSync(kept);
	await own.start();
	await page.goto(own.url + '/runs');
	await expect(page.locator('#trouble')).toHaveCount(0);
	expect(problems).toEqual([]);
});
