// Measures the builder of a flow of 300 cards in a real browser: from asking for the
// page until it can be used, and from a key until what it changed is painted.
//
//	npx esbuild e2e/long-measure.ts --bundle --platform=node --format=esm --packages=external --outfile=test-results/measure.mjs
//	node test-results/measure.mjs [cards]
//
// It needs a built program (FLOWDECK_BIN, or make e2e once) and says figures only; how
// long something may take on whatever machine is no test.
import { chromium } from '@playwright/test';
import { Client } from './support/client.ts';
import { Flowdeck } from './support/flowdeck.ts';
import { longFlow } from './support/long.ts';

const cards = Number(process.argv[2] ?? 300);
const flowdeck = await new Flowdeck().start();
const client = await Client.setUp(flowdeck.url, flowdeck.setupURL);
const id = await client.flow(longFlow(cards));
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
	const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
	await client.lend(context);
	const page = await context.newPage();
	const devtools = await context.newCDPSession(page);
	await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
	/** How long the page's own thread has had the processor so far, in ms: on a busy machine that says more than the clock. */
	const worked = async () => {
		const m = Object.fromEntries((await devtools.send('Performance.getMetrics')).metrics.map(x => [x.name, x.value * 1000]));
		return { all: m.TaskDuration, script: m.ScriptDuration, style: m.RecalcStyleDuration, layout: m.LayoutDuration };
	};
	const since = (a: Record<string, number>, b: Record<string, number>) => Object.keys(a).map(k => `${k} ${Math.round(b[k] - a[k])}`).join(', ');
	await page.goto(flowdeck.url + '/flows'); // what is cached on every page is cached
	for (let i = 0; i < 5; i++) {
		const begun = Date.now(), before = await worked();
		await page.goto(`${flowdeck.url}/flows/${id}`, { waitUntil: 'commit' });
		await page.waitForSelector('fd-canvas[data-ui-ready]', { state: 'attached' });
		const usable = Date.now() - begun;
		const painted = await page.evaluate(() => new Promise<number>(done => requestAnimationFrame(() => setTimeout(() => done(performance.now())))));
		console.log(`open: usable after ${usable} ms, painted after ${Math.round(painted)} ms, ${await page.evaluate(() => document.querySelectorAll('*').length)} elements; worked ${since(before, await worked())}`);
	}
	await page.waitForTimeout(1000);
	console.log(`settled: ${await page.evaluate(() => document.querySelectorAll('*').length)} elements`);

	/** From an edit until the answer is drawn. */
	const edit = async (what: string, begin: string) => {
		const before = await worked(), told = await timed(what, begin);
		return `${told}; worked ${since(before, await worked())}`;
	};
	const timed = (what: string, begin: string) => page.evaluate(async ({ what, begin }) => {
		const at = performance.now();
		const saved = new Promise(done => document.addEventListener('fd:saved', () => requestAnimationFrame(() => setTimeout(done)), { once: true }));
		new Function(begin)();
		await saved;
		return `${what}: ${Math.round(performance.now() - at)} ms`;
	}, { what, begin });
	for (let i = 0; i < 3; i++) {
		await page.evaluate(() => { (window as unknown as { n: number }).n = ((window as unknown as { n: number }).n ?? 0) + 1; });
		console.log(await edit('set a field', `const f = document.querySelector('#f-get_0-url'); f.querySelector('.compose').textContent = 'https://x.test/' + window.n; f.querySelector('.compose').dispatchEvent(new Event('input', {bubbles: true})); f.commit();`));
		await page.evaluate(() => document.querySelector<HTMLElement>('#chain .plus')!.click());
		await page.waitForTimeout(300); // a person looks at the picker; the edit begins with the choice
		console.log(await edit('insert at the start', `document.querySelector('#picker .opt[data-card="text.compose"]').click();`));
		console.log(await edit('undo', `document.querySelector('[data-act=undo]').click()`));
	}
	const keys = await page.evaluate(async () => {
		const card = document.querySelector<HTMLElement>('#card-get_0')!;
		card.focus();
		const took: number[] = [];
		for (let i = 0; i < 40; i++) {
			const at = performance.now();
			document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
			await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
			took.push(performance.now() - at);
		}
		took.sort((a, b) => a - b);
		return `40 arrow keys: median ${Math.round(took[20])} ms, worst ${Math.round(took[39])} ms`;
	});
	console.log(keys);
	await page.waitForTimeout(1500);
	console.log(`after walking: ${await page.evaluate(() => document.querySelectorAll('*').length)} elements, ${await page.evaluate(() => document.querySelectorAll('[data-step]:not([data-light])').length)} whole cards`);
	await page.screenshot({ path: '/tmp/builder-long.png' });
} finally {
	await browser.close();
	await flowdeck.remove();
}
