import type { Page } from '@playwright/test';
import { endpoint, flow, get, giveBack } from './support/documents.ts';
import { Client } from './support/client.ts';
import { apart, expect, watch } from './support/test.ts';
import { zip } from './support/zip.ts';

/** A page of a server of its own, since how many flows there are is what this is about. */
const test = apart.extend<{ alone: Page }>({
	alone: async ({ page, own }, use) => {
		const client = await Client.setUp(own.url, own.setupURL);
		await client.lend(page.context());
		const problems = watch(page);
		await page.goto(own.url + '/flows');
		await use(page);
		expect(problems, 'errors in the browser console').toEqual([]);
	},
});

/** A bundle whose flows are long enough that importing them takes a while. */
function bundle(flows: number, cards: number): Buffer {
	const files: Record<string, string> = {};
	for (let n = 0; n < flows; n++) {
		const chain = Array.from({ length: cards }, (_, i) => get(`c${i}`, `https://api.example.com/${n}/${i}`));
		files[`flows/many-${n}.json`] = JSON.stringify({ flowdeck: 1, kind: 'flow', id: `f_many_${n}`, ...flow(`Many ${n}`, endpoint(), [...chain, giveBack({ ok: 'yes' })]), alias: `many-${n}` });
	}
	return zip(files);
}

test('importing hundreds of flows shows how far it is, also to who left the page, and ends well', async ({ alone: page }) => {
	test.slow();
	const dialog = page.getByRole('dialog', { name: 'Import flows' }), bar = dialog.getByRole('progressbar');
	const said: string[] = [];
	await page.exposeFunction('said', (text: string) => { said.push(text.replace(/\s+/g, ' ').trim()); });
	await page.evaluate(() => {
		new MutationObserver(() => {
			const text = document.querySelector('#import-going .rowx')?.textContent;
			if (text) (window as Window & { said?: (text: string) => void }).said!(text);
		}).observe(document.body, { subtree: true, childList: true, characterData: true });
	});
	await page.getByRole('button', { name: 'Import', exact: true }).click();
	await dialog.getByLabel('File').setInputFiles({ name: 'many.zip', mimeType: 'application/zip', buffer: bundle(200, 1000) });
	await dialog.getByRole('button', { name: 'Import', exact: true }).click();
	await expect(bar).toBeVisible();
	await expect(dialog.getByText('when you stop it, or something fails, nothing is imported')).toBeVisible();
	await expect(dialog.getByText('Many 199')).toBeAttached({ timeout: 60_000 });
	await expect(bar).toBeHidden();
	expect(said.join('\n'), 'what is done, and how much of it').toMatch(/(Reading|Checking) \d+ of 200 (files|flows)/);

	await dialog.getByRole('button', { name: 'Import all' }).click(); // with the file that was chosen before
	await expect(bar).toBeVisible();
	await page.reload();
	const note = page.getByRole('note').filter({ hasText: 'Your import' });
	await expect(note).toBeVisible();
	const more = note.getByRole('button', { name: 'Show it' });
	if (await more.isVisible()) await more.click(); // else it was faster, and the note has said what it did
	await expect(page.getByText('200 flows ·')).toBeVisible({ timeout: 60_000 });
	await expect(dialog).toBeHidden();
	await page.reload();
	await expect(note).toHaveCount(0);
	await page.getByLabel('Search flows').fill('Many 199');
	await expect(page.getByRole('link', { name: 'Many 199' })).toBeVisible();
});
