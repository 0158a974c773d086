import { randomUUID } from 'node:crypto';
import type { Schema } from 'mongoose';
import { startAuditRecovery } from './auth/audit/recovery.js';
import { createTrail } from './auth/audit/trail.js';
import type { Config } from './config/index.js';
import { connectMongo } from './db/connect.js';
import { ensureIndexes } from './db/indexes.js';
import { createApp } from './http/app.js';
import { createSubjectReader } from './http/audit-subjects.js';
import { createIdempotency } from './http/idempotency/idempotency.js';
import { documentationRoutes } from './http/openapi/routes.js';
import { listen } from './http/server.js';
import type { Logger } from './observability/logger.js';
import { createMetrics } from './observability/metrics.js';
import { startTracing } from './observability/tracing/start.js';
import { registerBacklog } from './ops/backlog/metrics.js';
import { probesOf } from './ops/health/probes.js';
import { healthRoutes } from './ops/health/routes.js';
import { consolePages } from './pages.js';
import { runProgram, type Stop } from './program.js';
import { featureRoutes, outgoingWebhooks } from './routes.js';
import { createServices, type ServicesOptions } from './services.js';

/** Where the fault tests reach in; nothing else does. */
export interface ApiHooks extends Pick<ServicesOptions, 'aroundSignalers'> {
  /** Applied to the schema of every model. */
  plugin?: (schema: Schema) => void;
}

/** The API process: takes calls and signed replies, and wakes the workflows. */
export async function startApi(
  config: Config,
  logger: Logger,
  { plugin, ...hooks }: ApiHooks = {},
): Promise<{ port: number; stop: Stop }> {
  const { timings } = config;
  const { host, port, publicUrl, metricsToken } = config.http;
  const stopTracing = await startTracing(config, 'drawbridge-api', logger);
  const mongo = await connectMongo(config.mongodbUri, { timings });
  if (plugin) mongo.plugin(plugin);
  const services = createServices(config, mongo, { logger, identity: `api/${randomUUID().slice(0, 8)}`, ...hooks });
  const { models, client, isWorkerAlive, auth, cipher } = services;
  if (services.registry.unknownValue !== null)
    logger.warn('TICKET_PROVIDER names no provider that there is: the mock is used');

  const metrics = createMetrics();
  registerBacklog(metrics.registry, { models, queueSuffix: config.temporal.queueSuffix, timings });
  const routes = [
    ...featureRoutes(services, config),
    ...healthRoutes({ probes: probesOf({ mongo, client, isWorkerAlive, timings }), metrics, metricsToken, timings }),
  ];
  const audited = {
    intents: models.auditIntents,
    entries: models.auditEntries,
    chain: services.auditChain,
    readSubject: createSubjectReader(routes),
    logger,
  };
  const auditTrail = createTrail(audited);
  await ensureIndexes(mongo);
  const app = createApp({
    config,
    pages: consolePages(services, config, auditTrail),
    logger,
    metrics,
    routes: [...routes, ...documentationRoutes(routes, { publicUrl, webhooks: outgoingWebhooks })],
    authenticate: auth.authenticate,
    requireOrgAccess: auth.requireOrgAccess,
    auditTrail,
    idempotency: createIdempotency({ records: models.idempotency, cipher, logger, timings }),
  });
  const { requestsMs, idleConnectionsMs } = timings.shutdown;
  const server = await listen(app, { host, port, closeWithinMs: requestsMs, idleForMs: idleConnectionsMs });
  const stopAuditRecovery = startAuditRecovery({ ...audited, timings });
  logger.info({ port: server.port }, 'API is listening');

  const stop = async () => {
    await server.close();
    await Promise.all([auditTrail.settled(), stopAuditRecovery()]);
    await services.close();
    await mongo.close();
    await stopTracing();
  };
  return { port: server.port, stop };
}

void runProgram({ url: import.meta.url, name: 'api', start: startApi });
