import type { Server } from 'node:http';
import type { Page } from '@playwright/test';
import Provider, { errors, type ClientMetadata } from 'oidc-provider';
import { freePort } from './flowdeck.ts';

/** What a server does otherwise than usual. */
export interface Variant {
	/** Whether codes are given to clients that prove them with PKCE only; true when left out. */
	pkce?: boolean;
	/** Whether a refresh token is good for once only; true when left out. */
	rotate?: boolean;
	/** The resources (RFC 8707) that tokens can be made for. Theirs are JWTs. */
	resources?: string[];
}

/** A request to the token endpoint, as the server understood it. */
export interface Asked { status: number; authorization: string; params: Record<string, unknown> }

/** A certified OAuth 2.0 and OpenID Connect server on loopback, with its own sign-in and consent pages. */
export class AuthServer {
	url = '';
	/** The requests to the token endpoint, in order. */
	readonly asked: Asked[] = [];
	/** The parameters of the requests to the authorize endpoint, in order. */
	readonly consents: Record<string, unknown>[] = [];
	/** The refresh tokens given, in order. */
	readonly refreshTokens: string[] = [];
	/** When not 0, the token endpoint answers this status and nothing else. */
	failing = 0;
	private server?: Server;
	private provider?: Provider;

	/** Starts the server with these clients. Access tokens live so many seconds. */
	async start(clients: ClientMetadata[], tokenSeconds = 3600, variant: Variant = {}): Promise<this> {
		const port = await freePort();
		this.url = `http://127.0.0.1:${port}`;
		const resource = (indicator: string) => ({ scope: 'customers.read', audience: indicator, accessTokenTTL: tokenSeconds, accessTokenFormat: 'jwt' as const });
		const provider = this.provider = new Provider(this.url, {
			clients,
			scopes: ['openid', 'offline_access', 'customers.read'],
			features: {
				devInteractions: { enabled: true }, clientCredentials: { enabled: true }, revocation: { enabled: true },
				resourceIndicators: {
					enabled: !!variant.resources, useGrantedResource: () => true, defaultResource: () => undefined as unknown as string,
					getResourceServerInfo: (_, indicator) => { if (!variant.resources?.includes(indicator)) throw new errors.InvalidTarget('no such resource'); return resource(indicator); },
				},
			},
			enabledJWA: { clientAuthSigningAlgValues: ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'] },
			clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
			pkce: { required: () => variant.pkce !== false },
			rotateRefreshToken: variant.rotate !== false,
			issueRefreshToken: async (_, client) => client.grantTypeAllowed('refresh_token'),
			ttl: { AccessToken: tokenSeconds, ClientCredentials: tokenSeconds, RefreshToken: 86400, Session: 86400, Interaction: 3600, Grant: 86400 },
			cookies: { keys: ['only for tests'] },
			findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
		});
		provider.use(async (ctx, next) => {
			if (ctx.path === '/token' && this.failing) {
				ctx.status = this.failing;
				ctx.body = 'the token shop is on fire';
				return;
			}
			await next();
			const params = { ...(ctx.oidc?.params as Record<string, unknown> | undefined) };
			if (ctx.path === '/token') this.asked.push({ status: ctx.status, authorization: ctx.get('Authorization'), params });
			if (ctx.path === '/auth') this.consents.push({ ...ctx.query });
			const given = ctx.path === '/token' && (ctx.body as { refresh_token?: string } | undefined)?.refresh_token;
			if (given) this.refreshTokens.push(given);
		});
		await new Promise<void>(resolve => { this.server = provider.listen(port, '127.0.0.1', resolve); });
		return this;
	}

	/** Whether an opaque access token is one of this server's, and still good. */
	async knows(token: string): Promise<boolean> {
		const found = await this.provider!.AccessToken.find(token) ?? await this.provider!.ClientCredentials.find(token);
		return !!found && !found.isExpired;
	}

	/** Takes a refresh token back, and with it all that came of the same consent (RFC 7009). */
	async revoke(token: string, id: string, secret: string): Promise<void> {
		const res = await fetch(this.url + '/token/revocation', { method: 'POST', headers: { Authorization: 'Basic ' + btoa(`${id}:${secret}`) }, body: new URLSearchParams({ token }) });
		if (res.status !== 200) throw new Error(`not revoked: ${res.status} ${await res.text()}`);
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
