import { Builder } from './support/builder.ts';
import { endpoint, flow, input } from './support/documents.ts';
import { expect, test } from './support/test.ts';

const post = (inputs: object) => ({ id: 'post', card: 'http.post', title: 'Send', inputs: { url: 'https://api.example.com/x', ...inputs } });

test('each kind of body has its own editor, and changing the kind loses nothing', async ({ app: page, client }) => {
	const id = await client.flow(flow('Kinds', endpoint(input('city')), [post({ body: '{\n  "city": {{ endpoint.city }}\n}' })]));
	const b = await new Builder(page).open(id);
	const card = b.card('Send'), kind = card.getByLabel('Body type');

	await kind.selectOption('Form');
	await b.saved();
	await expect(b.field('Send', 'Body')).toBeHidden();
	await card.getByLabel('Add to Form fields').fill('town');
	await page.keyboard.press('Enter');
	await b.saved();
	await card.getByRole('textbox', { name: 'town', exact: true }).fill('Bonn');
	await b.saved();

	await kind.selectOption('Form with files');
	await b.saved();
	await card.locator('[data-item=add_item][data-field=parts]').click();
	await b.saved();
	const part = card.getByRole('group', { name: 'Parts 1' });
	await part.getByRole('textbox', { name: 'Name', exact: true }).fill('photo');
	await expect(part.getByRole('textbox', { name: 'File name' })).toBeHidden();
	await part.getByLabel('Kind').selectOption('File');
	await b.saved();
	await expect(part.getByRole('textbox', { name: 'File name' })).toBeVisible();

	await kind.selectOption('File');
	await b.saved();
	await b.drag(b.output('endpoint.city'), b.field('Send', 'File'));
	await b.saved();
	await b.holds('Send', 'File', '{{endpoint.city}}');

	await kind.selectOption('JSON');
	await b.saved();
	await b.holds('Send', 'Body', '{\n  "city": {{ endpoint.city }}\n}');
	await kind.selectOption('Form');
	await b.saved();
	await expect(card.getByRole('textbox', { name: 'town', exact: true })).toHaveText('Bonn');

	await page.keyboard.press('Escape');
	await page.keyboard.press('Control+z');
	await expect(kind).toHaveValue('json');
	await expect(page.getByText('No problems')).toBeVisible();
});

test('JSON is checked while it is typed, with line and column at the field', async ({ app: page, client }) => {
	const id = await client.flow(flow('Typed', endpoint(input('city')), [post({})]));
	const b = await new Builder(page).open(id);
	const body = b.field('Send', 'Body');

	await body.click();
	await page.keyboard.type('{"a": 1,\n"b": oops}');
	await expect(b.card('Send').getByText(/This is not JSON: line 2, column 6/)).toBeVisible();
	await expect(body).toHaveAttribute('aria-invalid', 'true');
	await body.fill('{"a": 1}');
	await expect(b.card('Send').getByText(/This is not JSON/)).toBeHidden();
});
