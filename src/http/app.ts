import Koa from 'koa';
import type { Config } from '../config/index.js';
import { forFlatLines, type Logger } from '../observability/logger.js';
import type { Metrics } from '../observability/metrics.js';
import type { AuditTrail } from './audit.js';
import type { Authenticate, RequireOrgAccess } from './credentials.js';
import { renderErrors } from './error-middleware.js';
import type { Idempotency } from './idempotency/idempotency.js';
import { createErrorRenderer } from './problem-answer.js';
import { createRateLimit } from './rate-limit.js';
import { remoteAddressOf } from './remote-address.js';
import { identifyRequest } from './request-id.js';
import { logRequests } from './request-log.js';
import { traceRequests } from './request-trace.js';
import type { Route } from './route.js';
import { createRouter, unmatched } from './router.js';
import { securityHeaders } from './security-headers.js';
import type { HttpMiddleware, RequestState } from './state.js';

export interface AppOptions {
  config: Pick<Config, 'http'>;
  logger: Logger;
  metrics: Metrics;
  routes: readonly Route[];
  authenticate: Authenticate;
  requireOrgAccess: RequireOrgAccess;
  idempotency: Idempotency;
  auditTrail: AuditTrail;
  /** Run before the routes, inside the error renderer: the console's pages. */
  pages?: readonly HttpMiddleware[];
}

/** Puts the middleware in its order; what a single route runs through is in router.ts. */
export function createApp(options: AppOptions): Koa<RequestState> {
  const { config, logger, metrics, routes, pages = [] } = options;
  const { publicUrl, rateLimitPerSecond, trustedProxies } = config.http;
  const renderError = createErrorRenderer({ publicUrl, logger });
  const rateLimit = createRateLimit(rateLimitPerSecond);
  const router = createRouter(routes, { ...options, renderError, rateLimit });

  const app = new Koa<RequestState>();
  // Reached only by what breaks after an answer has begun: a connection that went away.
  app.on('error', (err: unknown) => logger.debug({ err }, 'an answer could not be finished'));
  app.use(identifyRequest(remoteAddressOf(trustedProxies)));
  app.use(traceRequests());
  app.use(securityHeaders({ https: publicUrl.startsWith('https:') }));
  app.use(logRequests({ logger: forFlatLines(logger), metrics }));
  app.use(renderErrors(renderError));
  for (const page of pages) app.use(page);
  app.use(router.routes() as HttpMiddleware);
  app.use(unmatched(router, rateLimit));
  return app;
}
