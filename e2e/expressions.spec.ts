import { Builder } from './support/builder.ts';
import { endpoint, flow, giveBack, input } from './support/documents.ts';
import { accessible, overflowing, paint } from './support/looks.ts';
import { expect, test } from './support/test.ts';

// Expressions are written with help: what may stand in them is offered, and what they
// give with the values of the last run is shown while they are typed.

const step = (id: string, card: string, inputs: object) => ({ id, card, title: id[0].toUpperCase() + id.slice(1), inputs });

test('an expression is completed, shown and put in, by keyboard and by mouse', async ({ app: page, client }) => {
	await page.addInitScript(() => { document.addEventListener('securitypolicyviolation', e => console.error(`policy: ${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}:${e.columnNumber} ${(e.target as Element).className}`)); });
	const id = await client.live(flow('Expressions', endpoint(input('name'), input('rows', 'list')), [
		step('greeting', 'text.compose', { text: 'Dear ' }),
		step('totals', 'list.map', { list: '{{ endpoint.rows }}', expression: 'item' }),
		giveBack({ ok: 'yes' })]));
	await fetch(`${client.url}/api/flows/expressions/invoke`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name: 'maya', rows: [{ p: 3.5, n: 2 }, { p: 1, n: 3 }] }) });
	const b = await new Builder(page).open(id);
	const dialog = page.getByRole('dialog', { name: 'Expression', exact: true }), editor = dialog.getByRole('textbox', { name: 'Expression' }), told = dialog.getByRole('status');

	const seen = async (what: string) => {
		for (const theme of ['dark', 'light'] as const) {
			await paint(page, theme);
			await accessible(page, `expression: ${what}, ${theme}`, theme === 'dark');
			if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/expression-${what}-${theme}.png` });
		}
		expect(await overflowing(page)).toEqual([]);
	};

	// By keyboard: two braces ask for data, the last entry of the list is an expression.
	await b.field('Greeting', 'Text').click();
	await page.keyboard.press('Control+End');
	await page.keyboard.type('{{');
	await page.getByRole('dialog', { name: 'Insert data' }).waitFor();
	await page.keyboard.press('ArrowUp');
	await page.keyboard.press('Enter');
	await expect(editor).toBeFocused();
	await page.keyboard.type('text.upp');
	const offer = dialog.getByRole('option', { name: /text\.upper_case/ });
	await expect(offer).toContainText('(text, language?) → text');
	await page.keyboard.press('Enter');
	await page.keyboard.type('endpoint.na');
	await expect(dialog.getByRole('option', { name: /endpoint\.name/ })).toContainText('maya');
	await seen('offers');
	await page.keyboard.press('Enter');
	await expect(told).toContainText('MAYA');
	await expect(told).toContainText('text');
	await page.keyboard.type(' + 1');
	await expect(told).toContainText(/Column \d+: .*text \+ number/);
	await expect(dialog.locator('.cm-wrong')).toHaveCount(1);
	await seen('wrong');
	for (let i = 0; i < 4; i++) await page.keyboard.press('Backspace');
	await expect(told).toContainText('MAYA');
	await page.keyboard.press('Control+Enter');
	await expect(dialog).toBeHidden();
	await expect(b.field('Greeting', 'Text')).toBeFocused();
	await b.holds('Greeting', 'Text', 'Dear {{text.upper_case(endpoint.name)}}');

	// By mouse: a pill is opened and changed.
	await b.field('Greeting', 'Text').locator('.pill').click();
	await page.getByRole('dialog', { name: 'This value' }).getByRole('button', { name: 'Expression' }).click();
	await expect(told).toContainText('MAYA');
	await editor.press('Control+a');
	await page.keyboard.type('text.uper_case(endpoint.name)');
	await expect(told).toContainText('Column 1: there is no function named text.uper_case; is text.upper_case meant?');
	await editor.press('Control+a');
	await page.keyboard.type('text.length(endpoint.name)');
	await expect(told).toContainText('4');
	await dialog.getByRole('button', { name: 'Done' }).click();
	await b.holds('Greeting', 'Text', 'Dear {{text.length(endpoint.name)}}');

	// An expression for each item has a field of its own, and the first item as its example.
	await b.field('Totals', 'Expression').click();
	await page.keyboard.press('Control+Space');
	await editor.press('Control+a');
	await page.keyboard.type('item.\np\n'); // faster than anything is offered
	await expect(dialog.locator('.cm-line'), 'an expression is one line').toHaveCount(1);
	await editor.press('Control+a');
	await page.keyboard.type('item.p * item.n');
	await expect(told).toContainText('For the first item.');
	await expect(told).toContainText('7');
	await page.keyboard.press('Control+Enter');
	await b.holds('Totals', 'Expression', 'item.p * item.n');
	await page.keyboard.type('*');
	await b.saved();
	await expect(b.card('Totals').getByRole('alert')).toContainText('Column 16: the expression ends too soon');
});
