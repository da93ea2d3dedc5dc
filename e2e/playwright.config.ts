import { defineConfig } from '@playwright/test';
import { results } from './support/build.ts';

// One browser, the system's Chromium; each test file starts servers of its own on
// free ports, so files run side by side.
export default defineConfig({
	testDir: '.',
	globalSetup: './support/build.ts',
	// Limits are for machines that do other things too; on an idle one nothing comes near them.
	timeout: 120_000,
	expect: { timeout: 20_000 },
	// They wait for each other's servers and browsers more than they compute: three fill two processors.
	workers: Number(process.env.E2E_WORKERS ?? 3),
	retries: 1,
	forbidOnly: !!process.env.CI,
	reporter: process.env.CI ? [['dot']] : [['list']],
	outputDir: results,
	use: {
		actionTimeout: 20_000,
		navigationTimeout: 40_000,
		viewport: { width: 1440, height: 900 },
		locale: 'en-GB',
		timezoneId: 'UTC',
		// A trace of everything costs a third of the time; it is made when a test that failed is tried again.
		trace: 'on-first-retry',
		screenshot: 'only-on-failure',
		launchOptions: {
			executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
			args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
		},
	},
});
