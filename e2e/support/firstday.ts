import { expect, type Page } from '@playwright/test';
import { owner } from './client.ts';
import { Flowdeck } from './flowdeck.ts';

/** Walks through an installation on its first day, before anything is made, and stops at every screen. */
export async function firstDay(page: Page, stop: (screen: string) => Promise<void>): Promise<void> {
	const fresh = await new Flowdeck().start();
	try {
		await page.goto(fresh.url + '/login');
		await stop('first-login');
		await page.goto(fresh.setupURL);
		await stop('first-setup');
		await page.getByRole('button', { name: 'Create account' }).click();
		await expect(page.getByLabel('Email')).toHaveAttribute('aria-invalid', 'true');
		await stop('first-setup-refused');
		await page.getByLabel('Your name').fill(owner.name);
		await page.getByLabel('Email').fill(owner.email);
		await page.getByLabel('Password', { exact: true }).fill(owner.password);
		await page.getByLabel('Password again').fill(owner.password);
		await page.getByRole('button', { name: 'Create account' }).click();
		await expect(page.getByRole('heading', { name: 'Build your first flow' })).toBeVisible();
		await stop('first-flows');
		await page.goto(fresh.url + '/connections');
		await stop('first-connections');
		await page.goto(fresh.url + '/runs');
		await expect(page.getByText('No runs yet')).toBeVisible();
		await stop('first-runs');
		await page.context().clearCookies();
		await page.goto(fresh.url + '/login');
		await page.getByLabel('Email').fill(owner.email);
		await page.getByLabel('Password').fill('not the password');
		await page.getByRole('button', { name: 'Sign in' }).click();
		await expect(page.getByRole('alert')).toBeVisible();
		await stop('login-refused');
	} finally { await fresh.remove(); }
}
