import { expect, type Locator, type Page } from '@playwright/test';

/** The dialog in which connections are made. */
export class ConnectionDialog {
	readonly box: Locator;
	constructor(readonly page: Page, title = 'New connection') { this.box = page.getByRole('dialog', { name: title }); }

	/** Opens it from the Connections page and chooses how the service signs people in. */
	async open(type: string): Promise<this> {
		await this.page.goto('/connections');
		await this.page.getByRole('link', { name: 'New connection' }).click();
		await this.choose(type);
		return this;
	}

	/** Chooses the kind of sign-in and waits for its fields. */
	async choose(type: string): Promise<void> {
		const kind = this.box.locator('.choice', { has: this.page.locator('b', { hasText: new RegExp(`^${type}$`) }) }).getByRole('radio');
		if (await kind.isChecked()) return;
		const drawn = this.page.waitForResponse('**/connections/form');
		await kind.check();
		await drawn;
		await expect(kind).toBeChecked();
	}

	/** A field by its label. */
	field(label: string): Locator { return this.box.getByRole('textbox', { name: new RegExp(`^${label}`) }); }

	/** Fills fields by their labels. */
	async fill(values: Record<string, string>): Promise<this> {
		for (const [label, value] of Object.entries(values)) await this.field(label).fill(value);
		return this;
	}

	/** Makes it and waits until the dialog is gone. */
	async create(): Promise<void> {
		await this.box.getByRole('button', { name: 'Create connection' }).click();
		await expect(this.box).toBeHidden();
	}
}

/** A line of the list of connections. */
export const connectionRow = (page: Page, name: string): Locator => page.getByRole('row', { name: new RegExp(name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')) });

/** Chooses from the menu of a connection. */
export async function connectionMenu(page: Page, name: string, item: string): Promise<void> {
	await page.getByRole('button', { name: `More for ${name}`, exact: true }).click();
	await page.getByRole('menuitem', { name: item }).click();
}
