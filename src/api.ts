import { randomUUID } from 'node:crypto';
import type { Schema } from 'mongoose';
import { createApprovals } from './notifications/approvals/index.js';
import { notificationModel } from './notifications/approvals/outbox/model.js';
import type { Config } from './config/index.js';
import { createConnections } from './integrations/connections/index.js';
import { createTicketProviders } from './integrations/connections/ticket-providers.js';
import { apiKeyPages } from './console/api-keys/pages.js';
import { approvalPages } from './console/approvals/pages.js';
import { connectionPages } from './console/connections/pages.js';
import { escalationPages } from './console/escalations/pages.js';
import { evidenceRequestPages } from './console/evidence-requests/pages.js';
import { createConsole } from './console/index.js';
import { routingPages } from './console/routing/pages.js';
import { setupPage } from './console/setup/page.js';
import { createTicketSection } from './console/tickets/pages.js';
import { webhookPages } from './console/webhooks/pages.js';
import { connectMongo } from './db/connect.js';
import { ensureIndexes } from './db/indexes.js';
import { createGuardedClient } from './http/client/client.js';
import { createEscalations } from './escalations/index.js';
import { escalationModel } from './escalations/model.js';
import { createNewestEvent } from './escalations/policies/newest-event.js';
import { createEscalationSettings } from './escalations/settings.js';
import { createEscalationStore } from './escalations/store.js';
import { escalationSubject } from './escalations/ticket-subject.js';
import { evidenceRequestModel } from './evidence-requests/model.js';
import { evidenceRequestRoutes } from './evidence-requests/routes.js';
import { createEvidenceRequestService } from './evidence-requests/service.js';
import { evidenceRequestSubject } from './evidence-requests/ticket-subject.js';
import { createEventEscalation } from './escalations/event-escalation.js';
import { createEvents } from './events/index.js';
import { eventModel } from './events/model.js';
import { probesOf } from './ops/health/probes.js';
import { healthRoutes } from './ops/health/routes.js';
import { createApp } from './http/app.js';
import { createIdempotency } from './http/idempotency/idempotency.js';
import { idempotencyModel } from './http/idempotency/model.js';
import { documentationRoutes } from './http/openapi/routes.js';
import { listen } from './http/server.js';
import { createSignatureFailures } from './http/signature-failures.js';
import type { Logger } from './observability/logger.js';
import { registerBacklog } from './ops/backlog/metrics.js';
import { createMetrics } from './observability/metrics.js';
import { startTracing } from './observability/tracing/start.js';
import { createOrgs } from './auth/index.js';
import { runProgram, type Stop } from './program.js';
import { trackerStateModel } from './integrations/breaker/model.js';
import { createTrackerStates } from './integrations/breaker/states.js';
import { mockTicketModels } from './integrations/mock/model.js';
import { mockTicketRoutes } from './integrations/mock/routes.js';
import { createProviderRegistry } from './integrations/registry.js';
import { createCipher } from './lib/encryption.js';
import { createSetup } from './integrations/setup/index.js';
import { createSources } from './escalations/sources/index.js';
import { createTemporalClient } from './temporal/client.js';
import { createEscalationSignaler } from './temporal/escalation-signaler.js';
import { createPresenceProbe, presenceModel } from './temporal/presence.js';
import { taskQueues } from '../workflows/contracts/task-queues.js';
import { createTicketSignaler, type TicketSignaler } from './temporal/ticket-signaler.js';
import { createTickets } from './tickets/index.js';
import { ticketStore } from './tickets/store.js';
import { attemptModel, deliveryModel } from './webhooks/deliveries/model.js';
import { createEndpointChanged } from './webhooks/health/changed.js';
import { createHealthOf } from './webhooks/health/health-of.js';
import { healthModel } from './webhooks/health/model.js';
import { createParked } from './webhooks/health/parked.js';
import { createWebhooks } from './webhooks/index.js';
import { createPublisher } from './webhooks/publishing/publisher.js';

/** Where the fault tests reach in; nothing else does. */
export interface ApiHooks {
  aroundSignaler?: (signaler: TicketSignaler) => TicketSignaler;
  /** Applied to the schema of every model. */
  plugin?: (schema: Schema) => void;
}

/** The API process: takes calls and signed replies, and wakes the workflows. All its wiring is here. */
export async function startApi(
  config: Config,
  logger: Logger,
  hooks: ApiHooks = {},
): Promise<{ port: number; stop: Stop }> {
  const { timings } = config;
  const { publicUrl, rateLimitPerSecond, metricsToken } = config.http;
  const queues = taskQueues(config.temporal.queueSuffix);
  const stopTracing = await startTracing(config, 'drawbridge-api', logger);
  const mongo = await connectMongo(config.mongodbUri, { timings });
  if (hooks.plugin) mongo.plugin(hooks.plugin);
  const client = createTemporalClient(config.temporal, `api/${randomUUID().slice(0, 8)}`);
  const isWorkerAlive = createPresenceProbe(presenceModel(mongo), queues.lifecycles, timings.presence);
  const ticketSignaler = createTicketSignaler({
    client,
    taskQueue: queues.lifecycles,
    logger,
    waitMs: config.tickets.waitMs,
    isWorkerAlive,
    timings,
  });
  const signaler = hooks.aroundSignaler?.(ticketSignaler) ?? ticketSignaler;
  const mock = mockTicketModels(mongo);
  const states = createTrackerStates(trackerStateModel(mongo));
  const registry = createProviderRegistry({ tickets: config.tickets, publicUrl, mock, logger, states, timings });
  if (registry.unknownValue !== null) logger.warn('TICKET_PROVIDER names no provider that there is: the mock is used');
  const evidenceRequests = evidenceRequestModel(mongo);
  const orgs = createOrgs({ connection: mongo, adminApiKey: config.adminApiKey, logger });
  const cipher = createCipher(config.encryption);
  const http = createGuardedClient(config.egress);
  const signatureFailures = createSignatureFailures(rateLimitPerSecond);
  const escalationStore = createEscalationStore(escalationModel(mongo), timings);
  const escalationSignaler = createEscalationSignaler({ client, taskQueue: queues.lifecycles, logger, timings });
  const webhookSecret = config.tickets.settings.TICKET_WEBHOOK_SECRET;
  const tracked = ticketStore(mongo);
  const connections = createConnections({
    ...{ connection: mongo, states, cipher, http, audit: orgs.audit, logger, publicUrl, timings },
    hasLiveLinks: async (scope) => (await tracked.links.exists({ scope, live: true })) !== null,
  });
  const providers = createTicketProviders({
    ...{ registry, store: connections.store, states, cipher, http, logger, timings },
    environment: config.tickets,
  });
  const tickets = createTickets({
    store: tracked,
    providers,
    findScope: providers.ofScope,
    subjects: {
      evidence_request: evidenceRequestSubject(evidenceRequests, publicUrl),
      escalation: escalationSubject(escalationStore.escalations, publicUrl),
    },
    signaler,
    webhookSecret,
    signatureFailures,
    temporal: config.temporal,
    timings,
  });
  const settings = createEscalationSettings({
    connection: mongo,
    audit: orgs.audit,
    connectionExists: connections.exists,
  });
  const routingOf = settings.routing.get;
  const escalations = createEscalations({
    store: escalationStore,
    routingOf,
    signaler: escalationSignaler,
    ticketOf: (orgId, ids) => tickets.ticketOf('escalation', orgId, ids),
    publicUrl,
    temporal: config.temporal,
  });
  const { retentionDays } = config.deliveries;
  const deliveries = deliveryModel(mongo, retentionDays);
  const attempts = attemptModel(mongo, retentionDays);
  const health = healthModel(mongo);
  const webhooks = createWebhooks({
    connection: mongo,
    cipher,
    audit: orgs.audit,
    healthOf: createHealthOf({ health, parked: createParked({ deliveries, attempts }) }),
    changed: createEndpointChanged({ health, logger }),
    history: {
      deliveries,
      attempts,
      events: eventModel(mongo),
      http,
      publicUrl,
      temporal: config.temporal,
      retentionDays,
    },
  });
  const publisher = createPublisher({ events: eventModel(mongo), deliveries, endpoints: webhooks.store, timings });
  const events = createEvents({
    connection: mongo,
    publisher,
    escalation: createEventEscalation({
      escalations: escalationStore,
      findPolicyOf: settings.policies.finderOf,
      routingOf,
    }),
    logger,
    timings,
  });
  const sources = createSources({
    connection: mongo,
    audit: orgs.audit,
    cipher,
    publicUrl,
    signatureFailures,
    escalationService: escalations.service,
    escalations: escalationStore,
    signaler: escalationSignaler,
    ingest: events.ingest,
  });
  const approvals = createApprovals({
    connection: mongo,
    audit: orgs.audit,
    cipher,
    publicUrl,
    http,
    pagerDutyEndpoint: config.pagerDutyEndpoint,
  });
  const setup = createSetup({
    ...{ providers: registry, hasWebhookSecret: webhookSecret !== undefined, isWorkerAlive, states },
    connectionsOf: connections.healthOf,
  });
  const metrics = createMetrics();
  notificationModel(mongo);
  registerBacklog(metrics.registry, { connection: mongo, queueSuffix: config.temporal.queueSuffix, timings });
  const records = idempotencyModel(mongo);

  const evidenceRequestService = createEvidenceRequestService({ evidenceRequests });
  const ticketsOfRequests = (orgId: string, ids: string[]) => tickets.ticketOf('evidence_request', orgId, ids);
  const routes = [
    ...orgs.routes,
    ...evidenceRequestRoutes({
      evidenceRequestService,
      ticketOf: ticketsOfRequests,
    }),
    ...tickets.routesUnder('/orgs/{org}/evidence-requests/{id}', 'evidence_request'),
    ...events.routes,
    ...escalations.routes,
    ...settings.routes,
    ...tickets.routesUnder('/orgs/{org}/escalations/{id}', 'escalation'),
    ...connections.routes,
    ...approvals.routes,
    ...sources.routes,
    ...webhooks.routes,
    ...tickets.inboundRoutes,
    ...mockTicketRoutes(mock),
    ...setup.routes,
    ...healthRoutes({ probes: probesOf({ mongo, client, isWorkerAlive, timings }), metrics, metricsToken, timings }),
  ];
  const ticketSection = createTicketSection({
    desk: tickets.desk,
    connectionName: async (orgId, id) => (await connections.store.findIn(orgId, id))?.name ?? null,
    isWorkerAlive,
    raisedAt: async (orgId, id) => (await escalations.service.get(orgId, id)).created_at,
  });
  const pages = createConsole({
    ...{ connection: mongo, publicUrl, cipher, identify: orgs.identify, orgs: orgs.orgService },
    secret: config.encryption.key,
    failuresPerMinute: rateLimitPerSecond === 0 ? 0 : 10,
    pages: [
      ...escalationPages({ ...escalations, find: escalationStore.find, tickets: ticketSection, timings }),
      ...evidenceRequestPages({ service: evidenceRequestService, ticketOf: ticketsOfRequests, tickets: ticketSection }),
      ...connectionPages({
        ...{ ...connections, publicUrl },
        countLinks: (scope) => tracked.links.countDocuments({ scope, live: true }).exec(),
      }),
      ...(webhooks.desk ? webhookPages(webhooks.desk) : []),
      setupPage({ check: setup.check }),
      ...apiKeyPages({ apiKeys: orgs.apiKeyService }),
      ...approvalPages(approvals),
      ...routingPages({
        ...{ routing: settings.routing, policies: settings.policies, tickets: providers },
        connections: connections.service,
        channelsOf: async (orgId) => (await approvals.service.get(orgId)).channels,
        newestEvent: createNewestEvent({ events: events.store.events }),
      }),
    ],
  });
  await ensureIndexes(mongo);
  const app = createApp({
    config,
    pages,
    logger,
    metrics,
    routes: [...routes, ...documentationRoutes(routes, { publicUrl })],
    authenticate: orgs.authenticate,
    requireOrgAccess: orgs.requireOrgAccess,
    idempotency: createIdempotency({ records, cipher, logger, timings }),
  });
  const { host, port } = config.http;
  const { requestsMs, idleConnectionsMs } = timings.shutdown;
  const server = await listen(app, { host, port, closeWithinMs: requestsMs, idleForMs: idleConnectionsMs });
  logger.info({ port: server.port }, 'API is listening');

  const stop = async () => {
    await server.close();
    await Promise.all([ticketSignaler.settled(), escalationSignaler.settled()]);
    await Promise.all([providers.close(), http.close()]);
    await Promise.all([client.close(), mongo.close()]);
    await stopTracing();
  };
  return { port: server.port, stop };
}

void runProgram({ url: import.meta.url, name: 'api', start: startApi });
