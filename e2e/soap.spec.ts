import { invoke } from './support/client.ts';
import { close, endpoint, flow, input } from './support/documents.ts';
import { SoapServer } from './support/soap.ts';
import { expect, test } from './support/test.ts';

// A SOAP service that others wrote is called by XML Build, Raw Request and XML Parse.
const envelope = JSON.stringify({ 'soap:Envelope': {
	'@xmlns:soap': 'http://schemas.xmlsoap.org/soap/envelope/', '@xmlns:p': 'urn:prices',
	'soap:Body': { 'p:GetPrice': { 'p:Item': '{{endpoint.item}}', 'p:Amount': '{{endpoint.amount}}' } },
} });
const build = { id: 'envelope', card: 'xml.build', title: 'Envelope', inputs: { value: envelope, order: 'p:Item' } };
const call = (url: string, body: string) => ({ id: 'call', card: 'http.raw', title: 'Get price', inputs: { url, method: 'POST', body, headers: { 'Content-Type': 'text/xml; charset=utf-8', SOAPAction: 'urn:prices#GetPrice' } } });
const parse = (text: string) => ({ id: 'answer', card: 'xml.parse', title: 'Answer', inputs: { text, namespaces: 'strip' } });
const inputs = endpoint(input('item', 'text', true), input('amount', 'number'));

test.describe('SOAP', () => {
	const prices = new SoapServer();
	test.beforeAll(() => prices.start());
	test.afterAll(() => prices.stop());

	test('an envelope that was built is understood, and the answer is an object', async ({ client, flowdeck }) => {
		await client.live(flow('soap-built', inputs, [build, call(prices.url, '{{envelope.text}}'), parse('{{call.body}}'),
			close('reply', 200, '{"item": "{{answer.value.Envelope.Body.GetPriceResponse.Item}}", "price": "{{answer.value.Envelope.Body.GetPriceResponse.Price}}"}')]));
		const res = await invoke(flowdeck.url, 'soap-built', { item: 'Tea & <Cup>', amount: 2 });
		expect(await res.json()).toEqual({ item: 'Tea & <Cup>', price: '3.80' });
		expect(prices.asked.at(-1)).toMatchObject({ Item: 'Tea & <Cup>', Amount: 2 });
	});

	test('an envelope can be written as text with values in it', async ({ client, flowdeck }) => {
		const text = '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><GetPrice xmlns="urn:prices"><Item>{{endpoint.item}}</Item><Amount>{{endpoint.amount}}</Amount></GetPrice></soap:Body></soap:Envelope>';
		await client.live(flow('soap-written', inputs, [call(prices.url, text), parse('{{call.body}}'), close('reply', 200, '{"price": "{{answer.value.Envelope.Body.GetPriceResponse.Price}}"}')]));
		expect(await (await invoke(flowdeck.url, 'soap-written', { item: 'Tea', amount: 3 })).json()).toEqual({ price: '5.70' });
	});

	test('a Fault keeps its words, which can be parsed too', async ({ client, flowdeck }) => {
		const failing = { ...call(prices.url, '{{envelope.text}}'), policy: { on_error: 'continue' } };
		await client.live(flow('soap-fault', inputs, [build, failing, parse('{{call.error.details.body}}'),
			close('reply', 200, '{"code": "{{call.error.code}}", "fault": "{{answer.value.Envelope.Body.Fault.faultstring}}"}')]));
		expect(await (await invoke(flowdeck.url, 'soap-fault', { item: 'Moon', amount: 1 })).json()).toEqual({ code: 'http_500', fault: 'We do not sell the Moon' });
	});
});
