import { request } from 'node:http';
import { close, endpoint, flow, get, giveBack, input } from './support/documents.ts';
import { expect, test } from './support/test.ts';

// What callers of endpoints get. No browser takes part.
const json = { 'Content-Type': 'application/json' };

test('Close answers, else Return, else the id of the run', async ({ client, flowdeck, world }) => {
	await client.live(flow('answers-close', endpoint(input('id')), [get('customer', world.url + '/customers/{{endpoint.id}}'), close('reply', 202, '{"name": "{{customer.body.name}}"}', { headers: { 'X-Answer': 'yes' } })]));
	await client.live(flow('answers-return', endpoint(input('id')), [giveBack({ id: '{{endpoint.id}}', n: 3 })]));
	await client.live(flow('answers-run', endpoint(), []));
	const call = (alias: string, body: object) => fetch(`${flowdeck.url}/api/flows/${alias}/invoke`, { method: 'POST', headers: json, body: JSON.stringify(body) });

	const closed = await call('answers-close', { id: 'C-1' });
	expect(closed.status).toBe(202);
	expect(closed.headers.get('x-answer')).toBe('yes');
	expect(await closed.json()).toEqual({ name: 'Northwind Traders' });

	const returned = await call('answers-return', { id: 'C-1' });
	expect(returned.status).toBe(200);
	expect(await returned.json()).toMatchObject({ id: 'C-1' });

	const run = await call('answers-run', {});
	expect(run.status).toBe(200);
	expect(await run.json()).toEqual({ run: expect.stringMatching(/^r_/) });
});

test('what the caller gets wrong is said, with line and column', async ({ client, flowdeck }) => {
	await client.live(flow('strict', endpoint(input('amount', 'number', true)), [giveBack({ amount: '{{endpoint.amount}}' })], { security: 'public', methods: ['POST'], max_body: 1 << 20 }));
	const url = flowdeck.url + '/api/flows/strict/invoke';
	const problem = async (init: RequestInit) => {
		const res = await fetch(url, { method: 'POST', headers: json, ...init });
		expect(res.headers.get('content-type')).toBe('application/problem+json');
		return { status: res.status, headers: res.headers, body: await res.json() as Record<string, unknown> };
	};

	const malformed = await problem({ body: '{\n  "amount": 3,\n  oops\n}' });
	expect(malformed.status).toBe(400);
	expect(malformed.body).toMatchObject({ code: 'malformed_json', line: 3, column: 3 });

	const missing = await problem({ body: '{}' });
	expect(missing.status).toBe(400);
	expect(missing.body).toMatchObject({ errors: [{ field: 'amount', from: 'body' }] });

	const wrong = await problem({ body: '{"amount": "many"}' });
	expect(wrong.status).toBe(400);
	expect(JSON.stringify(wrong.body)).toMatch(/number/);

	const method = await problem({ method: 'DELETE' });
	expect(method.status).toBe(405);
	expect(method.headers.get('allow')).toContain('POST');

	const large = await problem({ body: JSON.stringify({ amount: 1, more: 'x'.repeat(1 << 20) }) });
	expect(large.status).toBe(413);

	const fine = await fetch(url, { method: 'POST', headers: json, body: '{"amount": 3}' });
	expect(await fine.json()).toEqual({ amount: 3 });
});

test('what is not there, not on, or not theirs', async ({ client, flowdeck }) => {
	const id = await client.live(flow('token-only', endpoint(), [giveBack({ ok: true })], { security: 'token' }));
	const token = await client.token(id);
	const call = (headers: Record<string, string> = {}, query = '') => fetch(`${flowdeck.url}/api/flows/token-only/invoke${query}`, { method: 'POST', headers });

	expect((await fetch(flowdeck.url + '/api/flows/no-such-flow/invoke')).status).toBe(404);
	expect((await call()).status).toBe(401);
	expect((await call({ 'x-api-client-token': 'fdt_wrong' })).status).toBe(401);
	expect((await call({ 'x-api-client-token': token })).status).toBe(200);
	expect((await call({}, '?clientToken=' + token)).status).toBe(200);

	const meanwhile = await client.token(id);
	expect((await call({ 'x-api-client-token': token })).status, 'the token before, for a day').toBe(200);
	const next = await client.token(id, '0s');
	for (const old of [token, meanwhile]) expect((await call({ 'x-api-client-token': old })).status, 'a token before').toBe(401);
	expect((await call({ 'x-api-client-token': next })).status).toBe(200);

	await client.post(`/flows/${id}/off`);
	const off = await call({ 'x-api-client-token': next });
	expect(off.status).toBe(404);
	const unknown = await fetch(flowdeck.url + '/api/flows/no-such-flow/invoke', { method: 'POST' });
	expect(await off.text(), 'off looks like never having been').toBe(await unknown.text());

	const hidden = await client.live(flow('resting', endpoint(), [giveBack({ ok: true })], { security: 'public', off_status: 503 }));
	await client.post(`/flows/${hidden}/off`);
	const resting = await fetch(flowdeck.url + '/api/flows/resting/invoke');
	expect(resting.status).toBe(503);
	expect(Number(resting.headers.get('retry-after'))).toBeGreaterThan(0);
});

test('pages of allowed origins may call, others may not read', async ({ client, flowdeck }) => {
	await client.live(flow('shared', endpoint(), [giveBack({ ok: true })], { security: 'public', origins: ['https://app.acme.example'] }));
	const url = flowdeck.url + '/api/flows/shared/invoke';
	// fetch forbids setting some of these headers; a plain client does not
	const send = (method: string, headers: Record<string, string>) => new Promise<{ status: number; headers: NodeJS.Dict<string | string[]> }>((resolve, reject) => {
		request(url, { method, headers }, res => { res.resume(); res.on('end', () => resolve({ status: res.statusCode!, headers: res.headers })); }).on('error', reject).end();
	});
	const preflight = await send('OPTIONS', { Origin: 'https://app.acme.example', 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'content-type,x-api-client-token' });
	expect(preflight.status).toBe(204);
	expect(preflight.headers['access-control-allow-origin']).toBe('https://app.acme.example');
	expect(preflight.headers['access-control-allow-methods']).toContain('POST');
	expect(String(preflight.headers['access-control-allow-headers']).toLowerCase()).toContain('x-api-client-token');
	const call = await send('POST', { Origin: 'https://app.acme.example' });
	expect(call.headers['access-control-allow-origin']).toBe('https://app.acme.example');
	const stranger = await send('OPTIONS', { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'POST' });
	expect(stranger.headers['access-control-allow-origin']).toBeUndefined();
});

test('who waits too long gets the address to ask at', async ({ client, flowdeck, world }) => {
	await client.live(flow('slow', endpoint(), [get('gate', world.url + '/gate'), giveBack({ done: true })], { security: 'public', response_timeout: '1s' }));
	const res = await fetch(flowdeck.url + '/api/flows/slow/invoke', { method: 'POST' });
	expect(res.status).toBe(202);
	const at = new URL(res.headers.get('location')!, flowdeck.url);
	expect(at.pathname).toMatch(/^\/api\/runs\/r_/);
	expect(await (await fetch(at)).json()).toMatchObject({ status: 'running' });
	world.open();
	await expect.poll(async () => await (await fetch(at)).json(), { intervals: [50] }).toMatchObject({ status: 'succeeded', answer: { status: 200, body: { done: true } } });
});

test('a failure inside says so and no more', async ({ client, flowdeck, world }) => {
	await client.live(flow('upstream', endpoint(), [get('gone', world.url + '/customers/C-404?token=sesame')]));
	const upstream = await fetch(flowdeck.url + '/api/flows/upstream/invoke');
	expect(upstream.status).toBe(502);
	const said = await upstream.text();
	expect(JSON.parse(said)).toMatchObject({ code: 'upstream_failed', run: expect.stringMatching(/^r_/) });
	for (const inside of [world.url, 'sesame', 'no such customer', 'gone', 'http.get']) expect(said).not.toContain(inside);

	await client.live(flow('twice', endpoint(), [close('first', 200, '{"n": 1}'), close('second', 200, '{"n": 2}')]));
	const twice = await fetch(flowdeck.url + '/api/flows/twice/invoke');
	expect(await twice.json(), 'the first answer counts').toEqual({ n: 1 });

	await client.live(flow('reset', endpoint(), [get('cut', world.url + '/reset')]));
	expect((await fetch(flowdeck.url + '/api/flows/reset/invoke')).status).toBe(502);
	await client.live(flow('not-json', endpoint(), [get('html', world.url + '/html')]));
	expect((await fetch(flowdeck.url + '/api/flows/not-json/invoke')).status).toBe(502);
});

test('HEAD gets the headers of the answer and no body', async ({ client, flowdeck }) => {
	await client.live(flow('headed', endpoint(), [close('reply', 200, '{"a": 1}', { headers: { 'X-Answer': 'yes' } })]));
	const res = await fetch(flowdeck.url + '/api/flows/headed/invoke', { method: 'HEAD' });
	expect(res.status).toBe(200);
	expect(res.headers.get('x-answer')).toBe('yes');
	expect(await res.text()).toBe('');
});
