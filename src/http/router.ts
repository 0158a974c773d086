import Router from '@koa/router';
import type { Authenticate, RequireOrgAccess } from './credentials.js';
import { authenticateCaller, authorise, enterOrgOfPath } from './access.js';
import { readRequestBody } from './body.js';
import { callHandler } from './handle.js';
import type { AuditTrail } from './audit.js';
import type { Idempotency } from './idempotency/idempotency.js';
import { methodNotAllowed, notFound } from './problem.js';
import type { RenderError } from './problem-answer.js';
import { limitByAddress, type RateLimit } from './rate-limit.js';
import type { Route } from './route.js';
import type { HttpMiddleware, RequestState } from './state.js';
import { validateInput } from './validate-input.js';

export interface RouterOptions {
  authenticate: Authenticate;
  requireOrgAccess: RequireOrgAccess;
  idempotency: Idempotency;
  auditTrail: AuditTrail;
  renderError: RenderError;
  rateLimit: RateLimit;
}

/** The whole path of a route in OpenAPI's notation: what logs, metrics and the document call it. */
export const patternOf = (route: Route) => (route.root ? route.path : `/api/v1${route.path}`);

/** What each request to a route runs through. A refusal costs as little as possible: bodies are read last. */
export function createRouter(routes: readonly Route[], options: RouterOptions): Router<RequestState> {
  const { authenticate, requireOrgAccess, idempotency, auditTrail, renderError, rateLimit } = options;
  const router = new Router<RequestState>({ sensitive: true });
  for (const route of routes) {
    const steps: HttpMiddleware[] = [
      matched(route),
      authenticateCaller(route, { authenticate, rateLimit }),
      enterOrgOfPath(requireOrgAccess),
      authorise(route),
      readRequestBody(route),
      validateInput(route),
      callHandler(route, { idempotency, auditTrail, renderError }),
    ];
    const path = patternOf(route).replace(/\{(\w+)\}/g, ':$1');
    router.register(path, [route.method], steps as Parameters<typeof router.register>[2]);
  }
  return router;
}

/** Answers what no route took: 405 for a known path, 404 for an unknown one. */
export function unmatched(router: Router<RequestState>, rateLimit: RateLimit): HttpMiddleware {
  return async (ctx) => {
    if (ctx.state.route || ctx.body !== undefined) return;
    await limitByAddress(ctx, rateLimit);
    const methods = router.match(ctx.path, ctx.method).path.flatMap((layer) => layer.methods);
    if (methods.length > 0) throw methodNotAllowed([...new Set(methods)].sort().join(', '));
    throw notFound('path');
  };
}

function matched(route: Route): HttpMiddleware {
  return async (ctx, next) => {
    ctx.state.route = route;
    ctx.state.params = (ctx as unknown as { params: Record<string, string> }).params;
    await next();
  };
}
