import { Builder } from './support/builder.ts';
import { endpoint, flow, get, input } from './support/documents.ts';
import { expect, test } from './support/test.ts';

test('a flow is built, tried, published, called and watched with the mouse', async ({ app: page, flowdeck, world }) => {
	test.setTimeout(600_000);
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

	let address = '';
	const token = await test.step('it is published, and gets a client token', async () => {
		await page.locator('#publish').click();
		const publish = page.getByRole('dialog', { name: /^Publish v1/ });
		await publish.getByLabel('What is new').fill('The beginning');
		await publish.getByRole('button', { name: 'Publish' }).click();
		await expect(b.toast).toContainText('Version 1 is live');
		await b.card('API Endpoint').getByRole('button', { name: 'Endpoint settings' }).click();
		const dialog = page.getByRole('dialog', { name: 'Endpoint settings' });
		await dialog.getByRole('button', { name: 'Create a token' }).click();
		const made = await dialog.locator('#ep-fresh').innerText();
		address = (await dialog.locator('#ep-url').innerText()).trim();
		await dialog.getByRole('button', { name: 'Save' }).click();
		await expect(dialog).toBeHidden();
		return made.trim();
	});

	await test.step('callers get what Close says', async () => {
		const call = (customer: string) => fetch(address, { method: 'POST', body: JSON.stringify({ customer_id: customer }), headers: { 'Content-Type': 'application/json', 'x-api-client-token': token } });
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

test('cards are moved, copied, renamed, noted, folded, deleted, and all of it undone', async ({ app: page, client }) => {
	const b = await new Builder(page).open(await client.flow(flow('Handled', endpoint(input('id')), [
		get('first', 'https://api.example.com/a'), get('second', 'https://api.example.com/b'), get('third', 'https://api.example.com/{{second.body.id}}')])));
	const order = (...titles: string[]) => expect.poll(() => b.titles()).toEqual(['API Endpoint', ...titles]);

	await b.drag(b.card('First').locator('.chead'), b.after('Third'));
	await order('Second', 'Third', 'First');
	await page.getByRole('button', { name: /^Undo/ }).first().click();
	await order('First', 'Second', 'Third');
	await page.getByRole('button', { name: /^Redo/ }).first().click();
	await order('Second', 'Third', 'First');

	await b.drag(b.card('Second').locator('.chead'), b.after('Third'));
	const ask = page.getByRole('dialog');
	await expect(ask).toContainText('would break');
	await ask.getByRole('button', { name: 'Cancel' }).click();
	await order('Second', 'Third', 'First');
	await b.drag(b.card('Second').locator('.chead'), b.after('Third'));
	await ask.getByRole('button', { name: 'Move anyway' }).click();
	await order('Third', 'Second', 'First');
	await expect(page.getByRole('button', { name: /thing to fix/ })).toBeVisible();
	await page.getByRole('button', { name: /^Undo/ }).first().click();
	await order('Second', 'Third', 'First');

	await b.menu('First', /Duplicate/);
	await expect(page.locator('fd-canvas [data-step]')).toHaveCount(5);
	await page.getByRole('button', { name: /^Undo/ }).first().click();
	await expect(page.locator('fd-canvas [data-step]')).toHaveCount(4);

	await b.card('First').locator('[data-title]').dblclick();
	await b.card('First').getByRole('textbox', { name: 'Name', exact: true }).fill('Renamed');
	await page.keyboard.press('Enter');
	await expect(b.card('Renamed')).toBeVisible();

	await b.menu('Renamed', /Note/);
	await expect(b.card('Renamed').locator('.cnote textarea')).toBeFocused();
	await page.keyboard.type('Why this card is here');
	await b.saved();
	await page.reload();
	await b.ready();
	await expect(b.card('Renamed').locator('.cnote .md')).toHaveText('Why this card is here');

	await b.menu('Renamed', /Collapse/);
	await expect(b.field('Renamed', 'URL')).toBeHidden();
	await expect(b.card('Renamed').locator('.summary')).toContainText('api.example.com');

	await b.menu('Second', /Delete/);
	await expect(b.toast).toContainText('“Second” deleted');
	await expect(b.field('Third', 'URL')).toHaveAttribute('aria-invalid', 'true');
	await b.toast.getByRole('button', { name: 'Undo' }).click();
	await order('Second', 'Third', 'Renamed');
	await expect(b.field('Third', 'URL')).not.toHaveAttribute('aria-invalid', 'true');
});

test('what keeps a flow from being published is counted, shown and walked through', async ({ app: page, client }) => {
	const id = await client.flow(flow('Broken', endpoint(), [get('first', ''), get('second', 'https://api.example.com/{{nobody.body}}'), { id: 'check', card: 'control.if', title: 'If', inputs: { conditions: [] } }]));
	const b = await new Builder(page).open(id);
	const count = page.getByRole('button', { name: /\d+ things to fix/ });
	await expect(count).toBeVisible();
	await page.keyboard.press('F8');
	await expect(b.field('First', 'URL')).toBeFocused();
	await page.keyboard.press('F8');
	await expect(b.field('Second', 'URL')).toBeFocused();
	await count.click();
	await page.getByRole('menuitem', { name: /First/ }).click();
	await expect(b.field('First', 'URL')).toBeFocused();
	await expect(page.locator('#publish')).toContainText(/Fix \d+ things/);
	await page.locator('#publish').click();
	await expect(b.card('If'), 'it leads on to the next one').toHaveAttribute('data-ui-selected', '');
	await expect(b.card('If').getByRole('button', { name: 'Add a condition' }), 'of a list that is empty').toBeFocused();
	const page1 = await (await client.get('/flows/' + id)).text();
	const refused = await client.post(`/flows/${id}/publish`, { rev: page1.match(/id="flow-rev"[^>]*value="(\d+)"/)![1] });
	expect(refused.status).toBe(422);
	expect(refused.headers.get('HX-Trigger')).toContain('Not published');
	expect((await fetch(client.url + '/api/flows/broken/invoke')).status, 'nothing of it answers').toBe(404);
});
