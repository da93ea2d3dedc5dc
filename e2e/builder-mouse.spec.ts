import { Builder } from './support/builder.ts';
import { expect, test } from './support/test.ts';

test('a flow is built, tried, published, called and watched with the mouse', async ({ app: page, flowdeck, world }) => {
	test.setTimeout(180_000);
	const b = new Builder(page);

	await test.step('an empty list offers a new flow', async () => {
		await page.goto('/flows');
		await page.getByRole('button', { name: 'New flow' }).click();
		await b.ready();
		await page.getByRole('button', { name: /API Endpoint/ }).click();
		await expect(b.card('API Endpoint')).toBeVisible();
		await b.saved();
	});

	await test.step('the endpoint declares an input', async () => {
		await page.getByRole('button', { name: 'Add an input that callers send' }).click();
		const name = b.card('API Endpoint').getByRole('textbox', { name: 'Name' });
		await expect(name).toBeFocused();
		await name.fill('customer_id');
		await name.blur();
		await expect(b.output('api_endpoint.customer_id')).toBeVisible();
	});

	await test.step('Get takes it by a drag', async () => {
		await b.add('Get', b.after('API Endpoint'));
		await expect(b.field('Get', 'URL'), 'the first empty field of a new card').toBeFocused();
		await b.field('Get', 'URL').fill(world.url + '/customers/');
		await b.saved();
		await b.drag(b.output('api_endpoint.customer_id'), b.field('Get', 'URL'));
		await b.saved();
		await b.holds('Get', 'URL', world.url + '/customers/{{api_endpoint.customer_id}}');
		await b.field('Get', 'URL').press('Control+End');
		await page.keyboard.type('?auth=basic');
		await b.saved();
		await b.holds('Get', 'URL', world.url + '/customers/{{api_endpoint.customer_id}}?auth=basic');
	});

	await test.step('a Basic connection is made from the card', async () => {
		await b.card('Get').getByRole('button', { name: /No connection/ }).click();
		await page.getByRole('menuitem', { name: 'New connection' }).click();
		const dialog = page.getByRole('dialog', { name: 'New connection' });
		await dialog.getByRole('textbox', { name: /^Name/ }).fill('Customers · Basic · maya');
		await dialog.getByRole('radio', { name: /Basic/ }).check();
		await dialog.getByLabel('Username', { exact: true }).fill('maya');
		await dialog.getByLabel('Password', { exact: true }).fill('pä$$ word');
		await dialog.getByRole('button', { name: 'Create connection' }).click();
		await expect(dialog).toBeHidden();
		await expect(b.card('Get').getByRole('button', { name: /Connection: Customers · Basic · maya/ })).toBeVisible();
		await b.saved();
	});

	await test.step('If / Else asks whether the customer is active', async () => {
		await b.add('If / Else', b.after('Get'));
		const get = b.card('Get');
		await get.getByRole('button', { name: 'Add an output of Get' }).click();
		await get.getByRole('textbox', { name: 'Path of the new output of Get' }).fill('body.status');
		await get.getByRole('button', { name: 'Add', exact: true }).click();
		await b.drag(b.output('get.body.status'), b.field('If / Else', 'Value'));
		await b.field('If / Else', 'Compared with').click();
		await page.keyboard.type('active');
		await b.saved();
		await b.holds('If / Else', 'Value', '{{get.body.status}}');
	});

	await test.step('Post stands in Then, with data in its JSON body', async () => {
		await b.add('Post', b.lane('Then', 'If / Else'));
		await b.field('Post', 'URL').fill(world.url + '/contacts');
		await b.field('Post', 'Body').click();
		await page.keyboard.type('{"customer": , "from": "flowdeck"}');
		for (let i = 0; i < ', "from": "flowdeck"}'.length; i++) await page.keyboard.press('ArrowLeft');
		await b.drag(b.output('api_endpoint.customer_id'), b.field('Post', 'Body'));
		await b.saved();
		await b.holds('Post', 'Body', '{"customer": {{api_endpoint.customer_id}}, "from": "flowdeck"}');
	});

	await test.step('Close answers 201 in Then and 409 in Else', async () => {
		await b.add('Close', b.after('Post'));
		await b.menu('Close', /Rename/);
		await b.card('Close').getByRole('textbox', { name: 'Name', exact: true }).fill('Created');
		await page.keyboard.press('Enter');
		await b.field('Created', 'Status code').fill('201');
		await b.field('Created', 'Body').click();
		await page.keyboard.type('{"contact": }');
		await page.keyboard.press('ArrowLeft');
		await b.drag(b.output('post.body'), b.field('Created', 'Body'));
		await b.add('Close', b.lane('Else', 'If / Else'));
		await b.field('Close', 'Status code').fill('409');
		await b.field('Close', 'Body').click();
		await page.keyboard.type('{"error": "the customer is not active"}');
		await b.saved();
		await expect(page.getByText('No problems')).toBeVisible();
	});

	await test.step('a card is tried: success', async () => {
		await b.menu('Get', /Test this card/);
		await b.drawer.getByLabel(/customer_id/).fill('C-1');
		await b.drawer.getByRole('button', { name: 'Run test' }).click();
		await expect(b.drawer.getByRole('status')).toContainText('200');
		const response = b.drawer.getByRole('tabpanel', { name: 'Response' });
		await expect(response).toContainText('Northwind Traders');
		await b.drawer.getByRole('tab', { name: 'Request' }).click();
		const request = b.drawer.getByRole('tabpanel', { name: 'Request' });
		await expect(request).toContainText('/customers/C-1');
		await expect(request).toContainText('••••');
		await expect(request).not.toContainText('pä$$ word');
		await expect(request).not.toContainText(Buffer.from('maya:pä$$ word').toString('base64'));
		await b.drawer.getByRole('tab', { name: 'Output' }).click();
		await expect(b.drawer.getByRole('tabpanel', { name: 'Output' })).toContainText('status');
		await b.drawer.getByRole('tab', { name: 'Trace' }).click();
		await expect(b.drawer.getByRole('tabpanel', { name: 'Trace' })).toContainText(/connect/i);
		await b.drawer.getByRole('tab', { name: 'Response' }).click();
		await response.getByRole('button', { name: /email/ }).click();
		await expect(b.output('get.body.email')).toBeVisible();
	});

	await test.step('a card is tried: 404 and 401 are results, with their reason', async () => {
		await b.drawer.getByLabel(/customer_id/).fill('C-404');
		await page.keyboard.press('Control+Enter');
		await expect(b.drawer.getByRole('status')).toContainText('404');
		await expect(b.drawer.getByRole('tabpanel', { name: 'Response' })).toContainText('no such customer');
		await expect(b.card('Get').getByTitle('Last test')).toContainText('404');
		await b.drawer.getByRole('button', { name: 'Close' }).click();
		await b.card('Get').getByRole('button', { name: /Connection:/ }).click();
		await page.getByRole('menuitemradio', { name: /None/ }).click();
		await b.saved();
		await b.menu('Get', /Test this card/);
		await b.drawer.getByLabel(/customer_id/).fill('C-1');
		await b.drawer.getByRole('button', { name: 'Run test' }).click();
		await expect(b.drawer.getByRole('status')).toContainText('401');
		await b.drawer.getByRole('button', { name: 'Close' }).click();
		await page.keyboard.press('Control+z');
		await expect(b.card('Get').getByRole('button', { name: /Connection: Customers/ })).toBeVisible();
	});

	const token = await test.step('it is published, and gets a client token', async () => {
		await page.getByRole('button', { name: /^Publish/ }).click();
		await expect(b.toast).toContainText('Version 1 is live');
		await b.card('API Endpoint').getByRole('button', { name: 'Endpoint settings' }).click();
		const dialog = page.getByRole('dialog', { name: 'Endpoint settings' });
		await dialog.getByRole('button', { name: 'Create a token' }).click();
		const made = await dialog.locator('#ep-fresh').innerText();
		await dialog.getByRole('button', { name: 'Save' }).click();
		await expect(dialog).toBeHidden();
		return made.trim();
	});

	await test.step('callers get what Close says', async () => {
		const call = (customer: string) => fetch(flowdeck.url + '/api/flows/untitled-flow/invoke', { method: 'POST', body: JSON.stringify({ customer_id: customer }), headers: { 'Content-Type': 'application/json', 'x-api-client-token': token } });
		const active = await call('C-1');
		expect(active.status).toBe(201);
		expect(await active.json()).toEqual({ contact: { id: 'crm_1', got: { customer: 'C-1', from: 'flowdeck' } } });
		const inactive = await call('C-2');
		expect(inactive.status).toBe(409);
		expect(await inactive.json()).toEqual({ error: 'the customer is not active' });
	});

	await test.step('the runs are there, card by card', async () => {
		await page.getByRole('link', { name: 'Runs' }).last().click();
		await expect(page.locator('#runs-first a')).toHaveCount(2);
		await page.locator('#runs-first a').last().click();
		const cards = page.getByRole('list', { name: 'Cards in this run' });
		await expect(cards).toContainText('Created');
		await cards.getByRole('link', { name: /Post/ }).click();
		await expect(page.getByRole('region', { name: 'Card input and output' })).toContainText('crm_1');
	});
});
