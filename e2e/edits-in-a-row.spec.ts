import { Builder } from './support/builder.ts';
import { flow, get, manual } from './support/documents.ts';
import { expect, test } from './support/test.ts';

test('an edit made while the answer to the one before arrives is no conflict', async ({ app: page, client, world }) => {
	const id = await client.flow(flow('In a row', manual(), [get('get', world.url + '/echo')]));
	const b = await new Builder(page).open(id);
	await page.evaluate(() => { // while the rest of the first answer is on its way, another field changes
		const whole = Response.prototype.text;
		Response.prototype.text = function () {
			Response.prototype.text = whole;
			const field = document.querySelector<HTMLInputElement>('#f-get-accept_status')!;
			field.value = '404';
			field.dispatchEvent(new Event('input', { bubbles: true }));
			field.dispatchEvent(new Event('change', { bubbles: true }));
			return whole.call(this);
		};
	});

	await b.field('Get', 'URL').fill(world.url + '/customers');
	await b.saved();

	await expect.poll(async () => ((await client.exported(id)).document as { chain: { inputs: object }[] }).chain[0].inputs)
		.toEqual({ url: world.url + '/customers', accept_status: '404' });
	await expect(page.locator('#conflict')).toBeEmpty();
});
