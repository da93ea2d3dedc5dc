import type { Server } from 'node:http';
import Provider, { type ClientMetadata } from 'oidc-provider';

/** A certified OAuth 2.0 and OpenID Connect server on loopback, with its own sign-in and consent pages. */
export class AuthServer {
	url = '';
	private server?: Server;
	provider!: Provider;

	/** Starts the server with these clients. Access tokens live so many seconds. */
	async start(port: number, clients: ClientMetadata[], tokenSeconds = 3600): Promise<this> {
		this.url = `http://127.0.0.1:${port}`;
		this.provider = new Provider(this.url, {
			clients,
			scopes: ['openid', 'offline_access', 'customers.read'],
			features: { devInteractions: { enabled: true }, clientCredentials: { enabled: true }, introspection: { enabled: true }, revocation: { enabled: true } },
			pkce: { required: () => true },
			rotateRefreshToken: true,
			ttl: { AccessToken: tokenSeconds, ClientCredentials: tokenSeconds, RefreshToken: 86400, Session: 86400, Interaction: 3600, Grant: 86400 },
			cookies: { keys: ['only for tests'] },
			findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
		});
		await new Promise<void>(resolve => { this.server = this.provider.listen(port, '127.0.0.1', resolve); });
		return this;
	}

	async stop(): Promise<void> {
		this.server?.closeAllConnections();
		await new Promise(r => this.server?.close(r));
	}
}
