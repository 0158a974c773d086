import helmet from 'koa-helmet';
import type { HttpMiddleware } from './state.js';

/** Nothing that the API answers is a page: no script, no frame, no form. */
const apiPolicy = { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"] };

/** Swagger UI needs its own files, their data: images, and to read the document; no inline script. */
const docsPolicy = {
  ...apiPolicy,
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
};

/** @param https whether people reach us over https, so that browsers may be told to insist on it */
export function securityHeaders({ https }: { https: boolean }): HttpMiddleware {
  const withPolicy = (directives: Record<string, string[]>) =>
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives },
      strictTransportSecurity: https,
      referrerPolicy: { policy: 'no-referrer' },
      xFrameOptions: { action: 'deny' },
    });
  const api = withPolicy(apiPolicy);
  const docs = withPolicy(docsPolicy);
  return async (ctx, next) => {
    const isDocs = ctx.path === '/docs' || ctx.path.startsWith('/docs/');
    if (!isDocs) ctx.set('Cache-Control', 'no-store');
    await (isDocs ? docs : api)(ctx, next);
  };
}
