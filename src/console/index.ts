import type { Model } from 'mongoose';
import type { Audit } from '../auth/audit/audit.js';
import type { AuditTrail } from '../http/audit.js';
import type { HttpMiddleware } from '../http/state.js';
import type { OwnerOf } from '../auth/authenticate.js';
import type { Identify } from '../http/credentials.js';
import type { OrgService } from '../auth/org-service.js';
import type { Cipher } from '../lib/encryption.js';
import { createAssets } from './assets/assets.js';
import { createLayout } from './layout/layout.js';
import { orgPages } from './orgs/pages.js';
import { definePage, redirectTo, type PageSpec } from './page.js';
import { createConsoleRouter } from './router.js';
import type { SessionDoc } from './session/model.js';
import { signInPages } from './session/routes.js';
import { createSessions } from './session/sessions.js';
import { createSessionCookie, createSessionTokens } from './session/token.js';

export interface ConsoleOptions {
  sessions: Model<SessionDoc>;
  publicUrl: string;
  /** The current encryption key. */
  secret: Buffer;
  cipher: Pick<Cipher, 'encrypt' | 'decrypt'>;
  identify: Identify;
  orgs: OrgService;
  /** The owner of a key, ended ones included; null for an unknown key. */
  ownerOf: OwnerOf;
  audit: Audit;
  auditTrail: AuditTrail;
  /** Wrong keys allowed per address and minute; 0 for no limit. */
  failuresPerMinute: number;
  /** The features' pages. */
  pages: readonly PageSpec[];
}

/** Allows this origin's files and forms only: no inline script or style, no frame, no other origin. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The console's pages, as middleware that runs before the API's routes. */
export function createConsole(options: ConsoleOptions): HttpMiddleware[] {
  const { publicUrl, secret, cipher, identify, orgs, failuresPerMinute, pages } = options;
  const { audit, auditTrail, ownerOf } = options;
  const assets = createAssets();
  const layout = createLayout({ asset: assets.url });
  const cookie = createSessionCookie({ https: publicUrl.startsWith('https:') });
  const tokens = createSessionTokens(secret);
  const sessions = createSessions({ sessions: options.sessions, tokens, identify, cipher });
  const home = definePage({
    method: 'get',
    path: '/',
    access: 'read',
    handler: () => Promise.resolve(redirectTo('/escalations')),
  });
  const serveAssets: HttpMiddleware = async (ctx, next) => {
    if (ctx.method === 'GET' && assets.isAsset(ctx.path)) assets.serve(ctx);
    else await next();
  };
  const withPolicy: HttpMiddleware = async (ctx, next) => {
    await next();
    if (ctx.type !== 'text/html' || ctx.path.startsWith('/docs')) return;
    ctx.set('Content-Security-Policy', contentSecurityPolicy);
    // With `no-referrer`, browsers post forms with `Origin: null`, which `requireSameOrigin` refuses.
    ctx.set('Referrer-Policy', 'same-origin');
  };
  const middleware = [
    serveAssets,
    withPolicy,
    signInPages({ sessions, cookie, layout, publicUrl, failuresPerMinute, audit, auditTrail, ownerOf }),
    createConsoleRouter({
      pages: [home, ...orgPages({ orgs, sessions, audit }), ...pages],
      sessions,
      cookie,
      layout,
      publicUrl,
      auditTrail,
    }),
  ];
  return middleware.map(skipForApi);
}

/** API calls come by the thousand a second; they skip the matching against every page. */
const skipForApi =
  (middleware: HttpMiddleware): HttpMiddleware =>
  async (ctx, next) => {
    await (ctx.path.startsWith('/api/') ? next() : middleware(ctx, next));
  };
