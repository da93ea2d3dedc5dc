import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { results } from './support/build.ts';
import { Builder } from './support/builder.ts';
import { flow, giveBack } from './support/documents.ts';
import { accessible, look, looks, overflowing } from './support/looks.ts';
import { expect, test } from './support/test.ts';

test('a webhook is built with a secret, takes a signed delivery, and shows what it refused', async ({ app: page, client, flowdeck }) => {
	test.setTimeout(300_000);
	const id = await client.flow(flow('Pushes', { id: 'hook', card: 'event.webhook' }, [giveBack({ ref: '{{hook.body.ref}}', event: '{{hook.event}}' })]));
	const b = await new Builder(page).open(id);
	const card = b.card('Webhook');
	await expect(card).toContainText('/hooks/pushes');
	await expect(card.locator('.msg').first()).toContainText('Is required');
	await card.getByRole('button', { name: 'New secret' }).press('Enter');
	const secret = page.getByRole('dialog', { name: 'New secret' });
	await secret.getByLabel('Name').fill('hook_key');
	await secret.getByLabel('Secret').fill('shared with the service');
	await page.keyboard.press('Enter');
	await expect(secret).toBeHidden();
	await expect(card.getByRole('button', { name: 'New secret' })).toBeFocused();
	await card.getByRole('combobox', { name: /^Signing secret/ }).selectOption('hook_key');
	await b.saved();
	await expect(card.locator('.msg')).toHaveCount(0);
	await expect(card).toContainText('GitHub signature');
	await page.getByRole('button', { name: 'Publish' }).click();
	await page.getByRole('dialog').getByRole('button', { name: /^Publish/ }).click();
	await expect(b.toast).toContainText('is live');

	const body = JSON.stringify({ ref: 'refs/heads/main' });
	const deliver = (key: string, delivery: string) => fetch(flowdeck.url + '/hooks/pushes', { method: 'POST', body, headers: { 'Content-Type': 'application/json', 'X-GitHub-Event': 'push', 'X-GitHub-Delivery': delivery,
		'X-Hub-Signature-256': 'sha256=' + createHmac('sha256', key).update(body).digest('hex') } });
	const first = await deliver('shared with the service', 'one');
	expect(first.status).toBe(200);
	const { run } = await first.json() as { run: string };
	expect(await (await deliver('shared with the service', 'one')).json()).toEqual({ run, duplicate: true });
	expect((await deliver('guessed', 'two')).status).toBe(401);
	expect((await fetch(flowdeck.url + '/hooks/pushes', { method: 'POST', body })).status).toBe(400);

	await b.open(id);
	await expect(card.getByText('Refused deliveries')).toBeVisible();
	await expect(card.locator('.facts li')).toHaveCount(2);
	for (const name of ['Raw body', 'Received']) {
		const cut = await card.locator('.out', { hasText: name }).locator('.nm').evaluate(n => n.scrollWidth > n.clientWidth);
		expect(cut, `${name} is cut off in favour of its sample`).toBe(false);
	}
	await expect(card).toContainText('The signature in X-Hub-Signature-256 does not fit');
	for (const l of looks) {
		await look(page, l);
		await accessible(page, `webhook, ${l.theme}, ${l.width}`, l.theme === 'dark');
		await page.screenshot({ path: join(results, 'triggers', `webhook-${l.theme}-${l.width}.png`) });
	}
	await look(page, looks[0]);
	await card.getByRole('button', { name: 'Webhook settings' }).click();
	const dialog = page.getByRole('dialog', { name: 'Webhook settings' });
	await expect(dialog).toContainText('/hooks/pushes');
	await expect(dialog.getByRole('radio', { name: /Client token/ })).toHaveCount(0);
	await dialog.getByLabel('Largest body, in MiB').fill('2');
	for (const l of looks) {
		await look(page, l);
		await accessible(page, `webhook settings, ${l.theme}, ${l.width}`, l.theme === 'dark');
		expect.soft(await overflowing(page).then(all => all.filter(x => !x.startsWith('canvas'))), `settings at ${l.width}`).toEqual([]);
		await page.screenshot({ path: join(results, 'triggers', `webhook-settings-${l.theme}-${l.width}.png`) });
	}
	await look(page, looks[0]);
	await dialog.getByRole('button', { name: 'Save' }).click();
	await expect(dialog).toBeHidden();
	expect((await fetch(flowdeck.url + '/hooks/pushes', { method: 'POST', body: 'x'.repeat(3 << 20) })).status).toBe(413);
	await page.goto('/runs/' + run);
	await expect(page.getByText('refs/heads/main').first()).toBeVisible();
	await page.goto('/flows');
	await expect(page.getByRole('row', { name: /Pushes/ })).toContainText('/hooks/pushes');
});
