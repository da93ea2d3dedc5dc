import { expect, type Locator, type Page } from '@playwright/test';

/** The builder as a person sees it: cards by their titles, fields by their labels. */
export class Builder {
	constructor(readonly page: Page) { }

	/** Opens a flow. */
	async open(flow: string): Promise<this> {
		await this.page.goto('/flows/' + flow);
		await this.ready();
		return this;
	}

	/** Waits until the page listens: the canvas has chosen a card, or asks how to start. */
	async ready(): Promise<void> {
		await expect(this.page.locator('fd-canvas[data-ui-ready]')).toBeVisible();
	}

	/** The flow's id, as the address says. */
	get flow(): string { return new URL(this.page.url()).pathname.split('/')[2]; }

	/** A card, by its title. */
	card(title: string): Locator { return this.page.locator(`fd-canvas [data-step][data-name="${title}"]`); }

	/** The titles of all cards in running order. */
	titles(): Promise<string[]> { return this.page.locator('fd-canvas [data-step]').evaluateAll(all => all.map(c => (c as HTMLElement).dataset.name!)); }

	/** A text field of a card, by its label. */
	field(card: string, label: string): Locator { return this.card(card).getByRole('textbox', { name: new RegExp(`^${label}( JSON)?$`) }); }

	/** Waits until the server holds that text for a field. */
	async holds(card: string, label: string, value: string): Promise<void> {
		await expect(this.field(card, label).locator('xpath=..'), `${label} of ${card}`).toHaveAttribute('value', value);
	}

	/** An output of a card, by its reference. */
	output(ref: string): Locator { return this.page.locator(`.out[data-out='${ref}']`); }

	/** Hands in what was typed and waits until everything is saved. */
	async saved(): Promise<void> {
		await this.page.keyboard.press('Control+s');
		await expect(this.page.locator('#saved')).toHaveText(/^\s*Saved/);
	}

	/** Adds a card with the mouse: the + after a card, or in an empty lane, then search. */
	async add(name: string, after: Locator): Promise<void> {
		await after.click();
		const picker = this.page.getByRole('dialog', { name: 'Add a card' });
		await picker.getByRole('combobox').fill(name);
		await picker.locator('.opt', { has: this.page.locator('b', { hasText: new RegExp(`^${name}$`) }) }).first().click();
		await expect(picker).toBeHidden();
		await this.saved();
	}

	/** The + after a card. */
	after(card: string): Locator { return this.page.getByRole('button', { name: `Add a card after ${card}`, exact: true }); }

	/** The button in an empty lane. */
	lane(lane: string, of: string): Locator { return this.page.getByRole('button', { name: `Add card to ${lane} of ${of}`, exact: true }); }

	/** Drags something over something else, as a hand does. */
	async drag(from: Locator, to: Locator): Promise<void> {
		await from.scrollIntoViewIfNeeded();
		const a = (await from.boundingBox())!;
		await this.page.mouse.move(a.x + Math.min(40, a.width / 2), a.y + a.height / 2);
		await this.page.mouse.down();
		await this.page.mouse.move(a.x + Math.min(40, a.width / 2) + 20, a.y + a.height / 2 + 5, { steps: 3 });
		const b = (await to.boundingBox())!;
		await this.page.mouse.move(b.x + b.width / 2, b.y + b.height / 2, { steps: 8 });
		await this.page.mouse.up();
	}

	/** Chooses from a card's menu. */
	async menu(card: string, item: string | RegExp): Promise<void> {
		await this.card(card).getByRole('button', { name: `${card}: card menu` }).first().click();
		await this.page.getByRole('menu', { name: 'Card menu' }).getByRole('menuitem', { name: item }).click();
	}

	/** The drawer in which a card is tried. */
	get drawer(): Locator { return this.page.locator('#drawer'); }

	/** The notice that passes by. */
	get toast(): Locator { return this.page.locator('.toast'); }
}

/** The ids of all cards in running order. */
export const ids = (page: Page) => page.locator('fd-canvas [data-step]').evaluateAll(all => all.map(c => (c as HTMLElement).dataset.step).join(' '));

/** Presses Tab, or another key, until something that fits has the focus. */
export async function tabTo(page: Page, fits: string, key = 'Tab'): Promise<void> {
	for (let i = 0; i < 160; i++) {
		if (await page.evaluate(s => document.activeElement?.matches(s) ?? false, fits)) return;
		await page.keyboard.press(key);
	}
	throw new Error(`${key} does not lead to ${fits}`);
}
