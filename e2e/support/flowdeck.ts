import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binary } from './build.ts';

/** A running Flowdeck on a free port of 127.0.0.1 with a data folder of its own. */
export class Flowdeck {
	readonly data = mkdtempSync(join(tmpdir(), 'flowdeck-e2e-'));
	url = '';
	output = '';
	private child?: ChildProcess;
	private port = 0;
	private flags: string[] = [];

	/** Starts the program and waits until it answers. Called again, it starts on the same port and data. */
	async start(...flags: string[]): Promise<this> {
		this.port ||= await freePort();
		this.flags = flags.length ? flags : this.flags;
		this.url = `http://127.0.0.1:${this.port}`;
		this.child = spawn(process.env.FLOWDECK_BIN ?? binary,
			['serve', '--addr', `127.0.0.1:${this.port}`, '--data', this.data, '--egress-allow', '127.0.0.0/8,localhost', ...this.flags],
			{ env: { ...process.env, NO_COLOR: '1' } });
		const before = this.output.length;
		const take = (chunk: Buffer) => { this.output += chunk; };
		this.child.stdout!.on('data', take);
		this.child.stderr!.on('data', take);
		const patience = Date.now() + 20_000;
		while (Date.now() < patience) {
			if (this.child.exitCode !== null) throw new Error(`flowdeck ended:\n${this.output}`);
			const ready = await fetch(this.url + '/readyz').then(r => r.ok, () => false);
			if (ready && this.output.indexOf(this.url, before) >= 0) return this; // it answers a moment before it has greeted
			await new Promise(r => setTimeout(r, 25));
		}
		throw new Error(`flowdeck did not start:\n${this.output}`);
	}

	/** The one-time address at which the owner's account is made. */
	get setupURL(): string {
		const found = this.output.match(/https?:\/\/\S+\/setup\/\S+/);
		if (!found) throw new Error(`no setup address in:\n${this.output}`);
		return found[0];
	}

	/** Which files of the data folder hold these bytes. */
	filesWith(text: string): string[] {
		const files = readdirSync(this.data, { recursive: true, encoding: 'utf8' });
		return files.filter(f => statSync(join(this.data, f)).isFile() && readFileSync(join(this.data, f)).includes(text));
	}

	/** Ends the program at once, as a power cut would. */
	async kill(): Promise<void> { await this.end('SIGKILL'); }

	/** Ends the program as an operator would. */
	async stop(): Promise<void> { await this.end('SIGTERM'); }

	/** Ends the program and removes its data. */
	async remove(): Promise<void> {
		await this.end('SIGKILL');
		rmSync(this.data, { recursive: true, force: true });
	}

	private async end(signal: NodeJS.Signals): Promise<void> {
		const child = this.child;
		if (!child || child.exitCode !== null || child.signalCode !== null) return;
		const ended = new Promise(r => child.once('exit', r));
		child.kill(signal);
		await ended;
	}
}

/** A port that nobody listens on. */
export function freePort(): Promise<number> {
	return new Promise((resolve, reject) => {
		const s = createServer();
		s.once('error', reject);
		s.listen(0, '127.0.0.1', () => {
			const { port } = s.address() as { port: number };
			s.close(() => resolve(port));
		});
	});
}
