import { owner } from './support/client.ts';
import { apart as test, expect, test as shared, watch } from './support/test.ts';

test('the first account is made at the one-time address, which is gone afterwards', async ({ page, own }) => {
	const problems = watch(page);
	await page.goto(own.url);
	await expect(page).toHaveURL(/\/login/);
	await expect(page.getByText('This is a new Flowdeck.')).toBeVisible();

	await page.goto(own.setupURL);
	await page.getByLabel('Your name').fill(owner.name);
	await page.getByLabel('Email').fill('not an address');
	await page.getByLabel('Password', { exact: true }).fill('short');
	await page.getByLabel('Password again').fill('other');
	await page.getByRole('button', { name: 'Create account' }).click();
	await expect(page.getByLabel('Email')).toHaveAttribute('aria-invalid', 'true');
	await expect(page.getByLabel('Password', { exact: true })).toHaveAttribute('aria-invalid', 'true');
	await expect(page.getByLabel('Your name')).toHaveValue(owner.name);

	await page.getByLabel('Email').fill(owner.email);
	await page.getByLabel('Password', { exact: true }).fill(owner.password);
	await page.getByLabel('Password again').fill(owner.password);
	await page.getByRole('button', { name: 'Create account' }).click();
	await expect(page).toHaveURL(/\/flows$/);
	await expect(page.getByRole('heading', { name: 'Build your first flow' })).toBeVisible();

	const again = await fetch(own.setupURL, { redirect: 'manual' });
	expect(again.status).toBe(404);
	const post = await fetch(own.setupURL, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ name: 'Eve', email: 'eve@x.example', password: 'a long pass phrase', again: 'a long pass phrase' }) });
	expect(post.status).toBe(404);
	expect(problems).toEqual([]);
});

test('a start without an account prints another address, and the old one is dead', async ({ own }) => {
	const first = own.setupURL;
	await own.stop();
	own.output = '';
	await own.start();
	expect((await fetch(own.setupURL)).status).toBe(200);
	expect(own.setupURL).not.toBe(first);
	expect((await fetch(first)).status).toBe(404);
});

shared('signing in, a wrong password, signing out', async ({ page, client, flowdeck }) => {
	const problems = watch(page);
	await page.goto('/runs');
	await expect(page).toHaveURL(/\/login\?return=%2Fruns/);
	await page.getByLabel('Email').fill(owner.email);
	await page.getByLabel('Password').fill('not the password');
	await page.getByRole('button', { name: 'Sign in' }).click();
	await expect(page.getByRole('alert')).toHaveText(/The email or the password is not right/);
	await expect(page.getByLabel('Email')).toHaveValue(owner.email);
	await expect(page.getByLabel('Password')).toBeFocused();
	await page.getByLabel('Password').fill(owner.password);
	await page.getByLabel('Password').press('Enter');
	await expect(page, 'where the person wanted to go').toHaveURL(flowdeck.url + '/runs');

	await page.getByRole('button', { name: /signed in as/ }).click();
	await page.getByRole('menuitem', { name: 'Sign out' }).click();
	await expect(page).toHaveURL(/\/login/);
	await page.goto('/flows');
	await expect(page).toHaveURL(/\/login/);
	expect((await client.get('/flows')).status, 'other browsers stay signed in').toBe(200);
	expect(problems).toEqual([]);
});

test('guessing passwords is slowed down, for a known account as for an unknown one', async ({ page, own }) => {
	await page.goto(own.url + '/login');
	for (const email of ['nobody@acme.example', owner.email]) {
		const guess = () => fetch(own.url + '/login', { method: 'POST', body: new URLSearchParams({ email, password: 'a guess' }) });
		const answers = await Promise.all(Array.from({ length: 9 }, guess));
		expect(answers.filter(a => a.headers.has('retry-after')).length, email).toBe(1);
	}
	await page.getByLabel('Email').fill(owner.email);
	await page.getByLabel('Password').fill('another guess');
	await page.getByRole('button', { name: 'Sign in' }).click();
	await expect(page.getByRole('alert')).toHaveText(/Too many attempts\. Try again in \d+ seconds/);
});

test('signing out everywhere ends the session of another browser', async ({ browser, page, own }) => {
	await page.goto(own.setupURL);
	await page.getByLabel('Your name').fill(owner.name);
	await page.getByLabel('Email').fill(owner.email);
	await page.getByLabel('Password', { exact: true }).fill(owner.password);
	await page.getByLabel('Password again').fill(owner.password);
	await page.getByRole('button', { name: 'Create account' }).click();
	await page.waitForURL('**/flows');

	const other = await (await browser.newContext()).newPage();
	await other.goto(own.url + '/login');
	await other.getByLabel('Email').fill(owner.email);
	await other.getByLabel('Password').fill(owner.password);
	await other.getByRole('button', { name: 'Sign in' }).click();
	await other.waitForURL('**/flows');

	await page.goto(own.url + '/settings');
	await expect(page.getByRole('table', { name: 'Sessions' }).getByRole('row')).toHaveCount(3);
	await page.getByRole('button', { name: 'Sign out everywhere' }).click();
	await expect(page).toHaveURL(/\/login/);
	await other.goto(own.url + '/flows');
	await expect(other).toHaveURL(/\/login/);
	await other.context().close();
});

shared('every page but the public ones needs a sign-in', async ({ flowdeck, client }) => {
	const flow = await client.flow({ name: 'Private', document: { format: 1, trigger: { id: 'manual', card: 'event.manual' }, chain: [] } });
	const pages = ['/', '/flows', '/flows/import', `/flows/${flow}`, `/flows/${flow}/runs`, `/flows/${flow}/export`, `/flows/${flow}/endpoint`,
		'/connections', '/connections/new', '/runs', '/runs/r_1', '/settings', '/no/such/page'];
	for (const path of pages) {
		const res = await fetch(flowdeck.url + path, { redirect: 'manual' });
		expect(res.status, path).toBe(303);
		expect(res.headers.get('location'), path).toContain('/login');
		const fragment = await fetch(flowdeck.url + path, { redirect: 'manual', headers: { 'HX-Request': 'true' } });
		expect(fragment.status, `${path}, a part of a page`).toBe(401);
		expect(await fragment.text(), path).toBe('');
	}
	for (const path of ['/flows', '/flows/import', `/flows/${flow}/edit`, `/flows/${flow}/publish`, `/flows/${flow}/run`, '/connections', '/settings/users']) {
		expect((await fetch(flowdeck.url + path, { method: 'POST', redirect: 'manual' })).status, `POST ${path}`).toBe(401);
	}
	for (const path of ['/healthz', '/readyz', '/login']) expect((await fetch(flowdeck.url + path)).status, path).toBe(200);
});

shared('pages are guarded: content policy, headers, and no writes from other sites', async ({ flowdeck, client, app }) => {
	for (const path of ['/login', '/flows', '/connections', '/runs', '/settings', '/no/such/page']) {
		const res = await client.get(path);
		const csp = res.headers.get('content-security-policy') ?? '';
		expect(csp, path).toContain("script-src 'self'");
		expect(csp, path).not.toContain('unsafe');
		expect(csp, path).toContain("frame-ancestors 'none'");
		expect(res.headers.get('x-content-type-options'), path).toBe('nosniff');
		expect(res.headers.get('referrer-policy'), path).toBe('same-origin');
	}
	const cookie = (await fetch(flowdeck.url + '/login', { method: 'POST', redirect: 'manual', body: new URLSearchParams({ email: owner.email, password: owner.password }) })).headers.get('set-cookie')!;
	expect(cookie).toMatch(/HttpOnly/);
	expect(cookie).toMatch(/SameSite=Lax/);
	const foreign = await fetch(flowdeck.url + '/flows', { method: 'POST', redirect: 'manual', headers: { Cookie: cookie.split(';')[0], Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' } });
	expect(foreign.status, 'a write from another site').toBe(403);

	// the app fixture fails on any error in the console, a breach of the policy included
	for (const path of ['/flows', '/runs', '/settings', '/connections']) {
		await app.goto(path);
		await expect(app.getByRole('main')).toBeVisible();
	}
});

shared('another email is not taken without the password, and stays typed', async ({ app: page }) => {
	await page.goto('/settings');
	const email = page.getByLabel('Email', { exact: true }).first(), password = page.getByLabel('Your password', { exact: true });
	await email.fill('somebody@example.com');
	await password.fill('not it');
	await page.getByRole('button', { name: 'Save', exact: true }).first().click();
	await expect(page.locator('#me-confirm-m')).toHaveText('That is not your password.');
	await expect(email).toHaveValue('somebody@example.com');
	await expect(password).toHaveAttribute('aria-invalid', 'true');
	await page.reload();
	await expect(email).not.toHaveValue('somebody@example.com');
});
