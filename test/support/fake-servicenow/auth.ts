import { randomBytes } from 'node:crypto';
import type { Served, Received } from '../fake-service.js';

/** The credentials that an instance takes. */
export type FakeAuth =
  | { kind: 'basic'; username: string; password: string }
  | { kind: 'bearer'; token: string }
  | { kind: 'oauth'; clientId: string; clientSecret: string; tokenSeconds?: number };

/** Who a caller is, and the tokens of OAuth. */
export class FakeSessions {
  private readonly tokens = new Map<string, number>();

  constructor(public auth: FakeAuth) {}

  /** @returns the user's name; null: not authenticated */
  userOf(authorization: string | undefined): string | null {
    const { auth } = this;
    if (auth.kind === 'basic') {
      const right = `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`;
      return authorization === right ? auth.username : null;
    }
    const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1] ?? '';
    if (auth.kind === 'bearer') return token === auth.token ? 'drawbridge.integration' : null;
    return (this.tokens.get(token) ?? 0) > Date.now() ? 'drawbridge.integration' : null;
  }

  /** Ends every token that was given, as an admin does. */
  revoke(): void {
    this.tokens.clear();
  }

  /** `POST /oauth_token.do` with `grant_type=client_credentials`. */
  grant({ method, headers, rawBody }: Received): Served {
    const form = new URLSearchParams(rawBody.toString('utf8'));
    const { auth } = this;
    const faults = [
      ...(method === 'POST' ? [] : ['the token was not asked for by POST']),
      ...(headers['content-type'] === 'application/x-www-form-urlencoded'
        ? []
        : ['the token was not asked for by a form']),
    ];
    const right =
      auth.kind === 'oauth' &&
      form.get('grant_type') === 'client_credentials' &&
      form.get('client_id') === auth.clientId &&
      form.get('client_secret') === auth.clientSecret;
    if (!right || faults.length > 0) {
      return { status: 401, body: { error: 'access_denied', error_description: 'access_denied' }, faults };
    }
    const seconds = auth.tokenSeconds ?? 1799;
    const token = randomBytes(32).toString('base64url');
    this.tokens.set(token, Date.now() + seconds * 1000);
    return {
      status: 200,
      body: { access_token: token, scope: 'useraccount', token_type: 'Bearer', expires_in: seconds },
      faults,
    };
  }
}
