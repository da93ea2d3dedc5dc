import { defineConfig } from '@playwright/test';

// One browser, the system's Chromium; each test file starts servers of its own on
// free ports, so files run side by side.
export default defineConfig({
	testDir: '.',
	globalSetup: './support/build.ts',
	timeout: 60_000,
	expect: { timeout: 10_000 },
	workers: Number(process.env.E2E_WORKERS ?? 2),
	retries: 0,
	forbidOnly: !!process.env.CI,
	reporter: process.env.CI ? [['dot']] : [['list']],
	outputDir: '../test-results',
	use: {
		actionTimeout: 10_000,
		navigationTimeout: 20_000,
		viewport: { width: 1440, height: 900 },
		locale: 'en-GB',
		timezoneId: 'UTC',
		trace: 'retain-on-failure',
		launchOptions: {
			executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
			args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
		},
	},
});
