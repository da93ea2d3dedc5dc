import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where tests leave what they make. E2E_RESULTS names another folder, for two runs at a time. */
export const results = process.env.E2E_RESULTS ?? join(root, 'test-results');

/** The program under test, as it is shipped. */
export const binary = join(results, 'bin', 'flowdeck');

/** Builds the program once for all tests. FLOWDECK_BIN names a ready one. */
export default function build(): void {
	if (process.env.FLOWDECK_BIN) return;
	execFileSync('go', ['build', '-o', binary, './cmd/flowdeck'], { cwd: root, stdio: 'inherit', env: { ...process.env, CGO_ENABLED: '0' } });
}
