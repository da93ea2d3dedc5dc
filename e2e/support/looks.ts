import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, type Page } from '@playwright/test';
import type { AxeResults, RunOptions } from 'axe-core';

/** Every look a page has: two themes, two widths. */
export const looks = [
	{ theme: 'light', width: 1440, height: 900 }, { theme: 'dark', width: 1440, height: 900 },
	{ theme: 'light', width: 390, height: 844 }, { theme: 'dark', width: 390, height: 844 },
] as const;

export type Look = typeof looks[number];

/** Gives a page one of its looks, also after it is loaded again. */
export async function look(page: Page, l: Look): Promise<void> {
	await page.setViewportSize({ width: l.width, height: l.height });
	await paint(page, l.theme);
}

/** Gives a page, and those that are opened after it, a theme, and leaves everything on it open. */
export async function paint(page: Page, theme: Look['theme']): Promise<void> {
	await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: theme });
	await page.evaluate(t => { localStorage.setItem('fd-theme', t); document.documentElement.dataset.theme = t; }, theme);
}

/** Waits until nothing that ends moves any more, for a few seconds at most: what is half faded in has colours that nobody chose. */
async function still(page: Page): Promise<void> {
	await page.evaluate(() => {
		const frame = () => new Promise(done => requestAnimationFrame(done));
		const settle = async () => {
			await document.fonts.ready;
			await frame();
			await frame();
			for (;;) {
				const moving = document.getAnimations().filter(a => a.playState === 'running' && Number.isFinite(a.effect?.getComputedTiming().endTime));
				if (!moving.length) return;
				await Promise.allSettled(moving.map(a => a.finished));
				await frame();
			}
		};
		// A page that is not drawn has no frames, and an animation of what was taken away never ends.
		return Promise.race([settle(), new Promise(done => setTimeout(done, 3000))]).then(() => undefined);
	});
}

declare const axe: { run(of: Document, o: RunOptions): Promise<AxeResults> } | undefined;

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Checks a page as it stands against WCAG 2.2 A and AA and best practice; or its colours alone.
 * A page is given axe once, and axe tells of nothing but what is wrong: either costs more than to look.
 */
export async function accessible(page: Page, what: string, colours = false): Promise<void> {
	await still(page);
	if (await page.evaluate(() => typeof axe === 'undefined')) await page.evaluate(source);
	const runOnly: RunOptions['runOnly'] = colours ? { type: 'rule', values: ['color-contrast'] }
		: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };
	const found = await page.evaluate(o => axe!.run(document, o), { resultTypes: ['violations'], runOnly } satisfies RunOptions);
	const told = found.violations.map(v => `${v.id}: ${v.help}\n  ${v.nodes.map(n => `${n.target.join(' ')}: ${n.html.slice(0, 160)} ${n.any[0]?.message ?? n.all[0]?.message ?? ''}`).join('\n  ')}`);
	expect.soft(told, what).toEqual([]);
}

/** What sticks out of the page, or out of a pane that does not scroll sideways on purpose. */
export function overflowing(page: Page): Promise<string[]> {
	return page.evaluate(() => {
		const out: string[] = [];
		const root = document.documentElement;
		if (root.scrollWidth > root.clientWidth) out.push(`page ${root.scrollWidth} > ${root.clientWidth}`);
		for (const s of document.querySelectorAll('dialog[open] .dbody, #drawer .scroll, fd-canvas, .pane')) {
			if (s.checkVisibility() && s.scrollWidth > s.clientWidth + 1) out.push(`${s.id || s.className || s.tagName} ${s.scrollWidth} > ${s.clientWidth}`);
		}
		return out;
	});
}
