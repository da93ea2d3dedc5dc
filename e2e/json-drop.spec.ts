import { Builder } from './support/builder.ts';
import { close, endpoint, flow, input } from './support/documents.ts';
import { expect, test } from './support/test.ts';

test('a value dropped on a finished JSON object becomes a key of it', async ({ app: page, client }) => {
	const id = await client.flow(flow('Dropped', endpoint(input('city'), input('plan')), [close('answer', 200, '{\n  "plan": {{ endpoint.plan }}\n}')]));
	const b = await new Builder(page).open(id);

	await b.drag(b.output('endpoint.city'), b.field('Answer', 'Body'));
	await b.saved();
	await b.holds('Answer', 'Body', '{\n  "plan": {{endpoint.plan}},\n  "city": {{endpoint.city}}\n}');

	await b.drag(b.output('endpoint.plan'), b.field('Answer', 'Body'));
	await b.saved();
	await b.holds('Answer', 'Body', '{\n  "plan": {{endpoint.plan}},\n  "city": {{endpoint.city}},\n  "plan_2": {{endpoint.plan}}\n}');
	await expect(page.getByText('No problems')).toBeVisible();
});
