import type { Logger } from '../observability/logger.js';
import type { Metrics } from '../observability/metrics.js';
import { patternOf } from './router.js';
import type { HttpContext, HttpMiddleware } from './state.js';

/** One line a request, with the route's pattern instead of the path: no query, no body, no id of anybody's. */
export function logRequests({ logger, metrics }: { logger: Logger; metrics: Metrics }): HttpMiddleware {
  return async (ctx, next) => {
    const startedAt = performance.now();
    await next();
    const ms = performance.now() - startedAt;
    const { requestId, route: matched } = ctx.state;
    const route = matched ? patternOf(matched) : 'unmatched';
    metrics.observeRequest({ method: knownMethod(ctx.method), route, status: ctx.status, seconds: ms / 1000 });
    logger.info(
      {
        request_id: requestId,
        method: ctx.method,
        route,
        status: ctx.status,
        ms: Math.round(ms * 10) / 10,
        org_id: orgOf(ctx),
      },
      'request',
    );
  };
}

/** Callers choose the method of a request; a label has to have few values. */
const knownMethod = (method: string) => (/^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/.test(method) ? method : 'OTHER');

/** Whose org it is about, as far as that is known for sure. */
export function orgOf(ctx: HttpContext): string | undefined {
  const { caller, params } = ctx.state;
  if (caller.kind === 'key') return caller.orgId;
  return caller.kind === 'admin' ? params.org : undefined;
}
