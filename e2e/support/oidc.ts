import type { Server } from 'node:http';
import type { Page } from '@playwright/test';
import Provider, { type ClientMetadata } from 'oidc-provider';
import { freePort } from './flowdeck.ts';

/** A certified OAuth 2.0 and OpenID Connect server on loopback, with its own sign-in and consent pages. */
export class AuthServer {
	url = '';
	private server?: Server;

	/** Starts the server with these clients. Access tokens live so many seconds. */
	async start(clients: ClientMetadata[], tokenSeconds = 3600): Promise<this> {
		const port = await freePort();
		this.url = `http://127.0.0.1:${port}`;
		const provider = new Provider(this.url, {
			clients,
			scopes: ['openid', 'offline_access', 'customers.read'],
			features: { devInteractions: { enabled: true }, clientCredentials: { enabled: true } },
			pkce: { required: () => true },
			rotateRefreshToken: true,
			issueRefreshToken: async (_, client) => client.grantTypeAllowed('refresh_token'),
			ttl: { AccessToken: tokenSeconds, ClientCredentials: tokenSeconds, RefreshToken: 86400, Session: 86400, Interaction: 3600, Grant: 86400 },
			cookies: { keys: ['only for tests'] },
			findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
		});
		await new Promise<void>(resolve => { this.server = provider.listen(port, '127.0.0.1', resolve); });
		return this;
	}

	get authorizeURL() { return this.url + '/auth'; }
	get tokenURL() { return this.url + '/token'; }

	async stop(): Promise<void> {
		this.server?.closeAllConnections();
		await new Promise(r => this.server?.close(r));
	}
}

/** Signs in at the server's own pages and allows what is asked for. */
export async function signInAndAllow(popup: Page, name: string): Promise<void> {
	await popup.locator('input[name=login]').fill(name);
	await popup.locator('input[name=password]').fill('anything');
	await popup.getByRole('button', { name: 'Sign-in' }).click();
	await popup.getByRole('button', { name: 'Continue' }).click();
}
