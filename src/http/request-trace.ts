import { readTraceparent } from '../observability/tracing/trace-context.js';
import { inSpan, isTracing } from '../observability/tracing/tracing.js';
import { orgOf } from './request-log.js';
import { patternOf } from './router.js';
import type { HttpContext, HttpMiddleware } from './state.js';

/** Asked every few seconds, and of no interest. */
const untraced = new Set(['/healthz', '/readyz', '/metrics']);

/** Each request as a span, under the caller's own when it sends a `traceparent`. The route's pattern stands for the path. */
export function traceRequests(): HttpMiddleware {
  return async (ctx, next) => {
    if (!isTracing() || untraced.has(ctx.path)) {
      await next();
      return;
    }
    const { requestId } = ctx.state;
    const parent = readTraceparent(ctx.get('traceparent'));
    const attributes = { 'drawbridge.request_id': requestId };
    const options = { kind: 'server', parent, attributes, fields: { request_id: requestId } } as const;
    await inSpan('request', options, async (span) => {
      await next();
      const { route } = ctx.state;
      if (route) span.rename(`${route.method.toUpperCase()} ${patternOf(route)}`);
      span.set({
        'http.request.method': route?.method.toUpperCase(),
        'http.route': route && patternOf(route),
        'http.response.status_code': ctx.status,
        'drawbridge.org_id': orgOf(ctx),
        'drawbridge.subject_id': idOf(ctx),
      });
      if (ctx.status >= 500) span.fail(`http_${ctx.status}`);
    });
  };
}

/** What the path names, when it is an id of ours: a caller can write anything there. */
function idOf({ state: { params } }: HttpContext): string | undefined {
  return /^[a-z]{2,4}_[0-9A-Za-z]{8,40}$/.test(params.id ?? '') ? params.id : undefined;
}
