import type { Connection } from 'mongoose';
import { taskQueues } from '../workflows/contracts/task-queues.js';
import { createApiKeyService } from './auth/api-key-service.js';
import { createAudit } from './auth/audit/audit.js';
import { createChain } from './auth/audit/chain.js';
import { createAuditLog } from './auth/audit/log.js';
import { createAuthenticate } from './auth/authenticate.js';
import { createKeyCache } from './auth/key-cache.js';
import { createLastUsed } from './auth/last-used.js';
import { createOrgService } from './auth/org-service.js';
import { createRefusedKeys } from './auth/refused-keys.js';
import { createOrgAccess } from './auth/require-org-access.js';
import type { Config } from './config/index.js';
import { createEventEscalation } from './escalations/event-escalation.js';
import { createEscalations } from './escalations/index.js';
import { createPolicyService } from './escalations/policies/service.js';
import { createRoutingService } from './escalations/routing/service.js';
import { createSourceInbound } from './escalations/sources/inbound/service.js';
import { createSourceService } from './escalations/sources/service.js';
import { createEscalationStore } from './escalations/store.js';
import { escalationSubject } from './escalations/ticket-subject.js';
import { createIngest } from './events/service.js';
import { createEventStore } from './events/store.js';
import { createEvidenceRequestService } from './evidence-requests/service.js';
import { evidenceRequestSubject } from './evidence-requests/ticket-subject.js';
import { createGuardedClient } from './http/client/client.js';
import { createResolver } from './http/client/dns/resolver.js';
import { createTrackerStates } from './integrations/breaker/states.js';
import { createTestConnection } from './integrations/connections/checks.js';
import { createConnectionsHealth, createConnectionStateOf } from './integrations/connections/health.js';
import { createConnectionService } from './integrations/connections/service.js';
import { createConnectionStore } from './integrations/connections/store.js';
import { createTicketProviders } from './integrations/connections/ticket-providers.js';
import type { ObserveCall } from './integrations/observed-provider.js';
import { createProviderRegistry } from './integrations/registry.js';
import { checkSetup } from './integrations/setup/readiness.js';
import { createCipher } from './lib/encryption.js';
import { createModels } from './models.js';
import { createHostOf } from './notifications/approvals/destination.js';
import { createNotifier, createSendTo } from './notifications/approvals/notifier.js';
import { createOutbox } from './notifications/approvals/outbox/outbox.js';
import { createApprovalService } from './notifications/approvals/service.js';
import { createApprovalStore } from './notifications/approvals/store.js';
import { createTestChannel } from './notifications/approvals/test-call.js';
import type { Logger } from './observability/logger.js';
import { createTemporalClient } from './temporal/client.js';
import { createEndpointSignaler, type EndpointSignaler } from './temporal/endpoint-signaler.js';
import { createEscalationSignaler, type EscalationSignaler } from './temporal/escalation-signaler.js';
import { createBudgetAlertStarter, type BudgetAlertStarter } from './temporal/budget-alert-starter.js';
import { createPresenceProbe } from './temporal/presence.js';
import { createTicketSignaler, type TicketSignaler } from './temporal/ticket-signaler.js';
import { createTickets } from './tickets/index.js';
import { createEndpointStore } from './webhooks/endpoints/store.js';
import { createEndpointChanged } from './webhooks/health/changed.js';
import { createHealthOf } from './webhooks/health/health-of.js';
import { createParked } from './webhooks/health/parked.js';
import { createWebhooks } from './webhooks/index.js';
import { createPublisher } from './webhooks/publishing/publisher.js';

/** What starts workflows and wakes those that run. */
export interface Signalers {
  ticket: TicketSignaler;
  escalation: EscalationSignaler;
  endpoint: EndpointSignaler;
  budgetAlert: BudgetAlertStarter;
}

export interface ServicesOptions {
  logger: Logger;
  /** Shown in histories as the caller; never a host name or a path. */
  identity: string;
  /** Called around each call of a tracker, for metrics and spans. */
  observe?: ObserveCall;
  /** Wraps or replaces the signalers, for tests. */
  aroundSignalers?: (signalers: Signalers) => Signalers;
}

export type Services = ReturnType<typeof createServices>;

/**
 * All stores and services of the product, on one connection to MongoDB. The API, the worker, the doctor and the tests use the same.
 * Nothing here calls another server, starts a timer or writes before it is used.
 */
export function createServices(
  config: Config,
  mongo: Connection,
  { logger, identity, observe, aroundSignalers = (signalers) => signalers }: ServicesOptions,
) {
  const { timings, temporal } = config;
  const { publicUrl } = config.http;
  const models = createModels(mongo, config.deliveries);
  const cipher = createCipher(config.encryption);
  const resolver = createResolver(config.egress, timings);
  const http = createGuardedClient({ ...config.egress, resolver });

  // Temporal
  const queues = taskQueues(temporal.queueSuffix);
  const client = createTemporalClient(temporal, identity);
  const isWorkerAlive = createPresenceProbe(models.presence, queues.lifecycles, timings.presence);
  const signaling = { client, taskQueue: queues.lifecycles, logger, timings };
  const ticketSignaler = createTicketSignaler({ ...signaling, waitMs: config.tickets.waitMs, isWorkerAlive });
  const escalationSignaler = createEscalationSignaler(signaling);
  const signalers = aroundSignalers({
    ticket: ticketSignaler,
    escalation: escalationSignaler,
    endpoint: createEndpointSignaler(signaling),
    budgetAlert: createBudgetAlertStarter(signaling),
  });

  // Orgs, their keys and who calls
  const auditChain = createChain(models.auditEntries);
  const audit = createAudit({ entries: models.auditEntries, chain: auditChain });
  const auditLog = createAuditLog({ entries: models.auditEntries, chain: auditChain });
  const keys = createKeyCache(models.apiKeys);
  const used = createLastUsed(models.apiKeys, logger);
  const auth = {
    ...createAuthenticate({ adminApiKey: config.adminApiKey, keys, used, refused: createRefusedKeys(audit, logger) }),
    orgService: createOrgService({ orgs: models.orgs, audit }),
    apiKeyService: createApiKeyService({ apiKeys: models.apiKeys, keys, audit }),
    requireOrgAccess: createOrgAccess(models.orgs),
  };

  // Trackers: the environment's, and those of the orgs' connections
  const trackerStates = createTrackerStates(models.trackerStates);
  const registry = createProviderRegistry({
    tickets: config.tickets,
    publicUrl,
    mock: models.mock,
    logger,
    states: trackerStates,
    timings,
    ...(observe && { observe }),
  });
  const connectionStore = createConnectionStore(models.connections);
  const providers = createTicketProviders({
    registry,
    store: connectionStore,
    states: trackerStates,
    cipher,
    http,
    logger,
    timings,
    environment: config.tickets,
    ...(observe && { observe }),
  });
  const connectionDeps = { store: connectionStore, states: trackerStates, cipher, http, audit, logger, timings };
  const connections = {
    store: connectionStore,
    service: createConnectionService({
      ...connectionDeps,
      hasLiveLinks: async (scope) => (await models.tickets.links.exists({ scope, live: true })) !== null,
    }),
    test: createTestConnection(connectionDeps),
    stateOf: createConnectionStateOf(connectionDeps),
    healthOf: createConnectionsHealth(connectionDeps),
  };
  const setupCheck = (orgId: string) =>
    checkSetup(
      {
        providers: registry,
        hasWebhookSecret: config.tickets.settings.TICKET_WEBHOOK_SECRET !== undefined,
        isWorkerAlive,
        connectionsOf: connections.healthOf,
        states: trackerStates,
      },
      orgId,
    );

  // Ticket Sync, and what tickets are about
  const evidenceRequestService = createEvidenceRequestService({ evidenceRequests: models.evidenceRequests });
  const escalationStore = createEscalationStore(models.escalations, timings);
  const subjects = {
    evidence_request: evidenceRequestSubject(models.evidenceRequests, publicUrl),
    escalation: escalationSubject(models.escalations, publicUrl),
  };
  const tickets = createTickets({
    store: models.tickets,
    providers,
    findScope: providers.ofScope,
    subjects,
    signaler: signalers.ticket,
    webhookSecret: config.tickets.settings.TICKET_WEBHOOK_SECRET,
    temporal,
    timings,
  });

  // Webhooks
  const endpointStore = createEndpointStore({ endpoints: models.endpoints });
  const publisher = createPublisher({
    events: models.events,
    deliveries: models.deliveries,
    endpoints: endpointStore,
    timings,
  });
  const webhooks = createWebhooks({
    store: endpointStore,
    cipher,
    audit,
    healthOf: createHealthOf({ health: models.health, parked: createParked(models) }),
    changed: createEndpointChanged({ health: models.health, logger }),
    history: {
      deliveries: models.deliveries,
      attempts: models.attempts,
      events: models.events,
      testEvents: models.testEvents,
      health: models.health,
      http,
      publicUrl,
      temporal,
      retentionDays: config.deliveries.retentionDays,
    },
  });

  // Events, and the escalations that they raise
  const policies = createPolicyService({ policies: models.policies, audit });
  const routing = createRoutingService({
    routing: models.routing,
    audit,
    connectionExists: async (orgId, id) => (await connectionStore.findIn(orgId, id)) !== null,
  });
  const eventStore = createEventStore({ events: models.events, publisher });
  const ingest = createIngest({
    store: eventStore,
    escalation: createEventEscalation({
      escalations: escalationStore,
      findPolicyOf: policies.finderOf,
      routingOf: routing.get,
    }),
    logger,
    timings,
  });
  const escalations = createEscalations({
    store: escalationStore,
    routingOf: routing.get,
    signaler: signalers.escalation,
    ticketOf: (orgId, ids) => tickets.ticketOf('escalation', orgId, ids),
    publicUrl,
    temporal,
  });
  const sources = {
    service: createSourceService({ sources: models.sources, escalations: escalationStore, cipher, audit }),
    inbound: createSourceInbound({
      sources: models.sources,
      cipher,
      escalationService: escalations.service,
      escalations: escalationStore,
      signaler: signalers.escalation,
      ingest,
    }),
  };

  // Notifications
  const approvalStore = createApprovalStore({ approvals: models.approvals });
  const channels = { cipher, http, pagerDutyEndpoint: config.pagerDutyEndpoint };
  const notifier = createNotifier({ store: approvalStore, ...channels });
  const approvals = {
    service: createApprovalService({ store: approvalStore, cipher, audit }),
    testChannel: createTestChannel({ store: approvalStore, sendTo: createSendTo(channels), publicUrl }),
    hostOf: createHostOf(channels),
  };
  const outbox = createOutbox({ notifications: models.notifications, notifier, timings });

  return {
    models,
    cipher,
    resolver,
    http,
    client,
    queues,
    isWorkerAlive,
    signalers,
    audit,
    auditChain,
    auditLog,
    auth,
    registry,
    trackerStates,
    providers,
    connections,
    setupCheck,
    subjects,
    tickets,
    evidenceRequestService,
    endpointStore,
    webhooks,
    policies,
    routing,
    eventStore,
    ingest,
    escalationStore,
    escalations,
    sources,
    approvals,
    notifier,
    outbox,
    /** Waits for the wake-ups in flight, and closes the connections to other servers. MongoDB's is the caller's. */
    async close() {
      await Promise.all([ticketSignaler.settled(), escalationSignaler.settled()]);
      await Promise.all([providers.close(), http.close()]);
      await client.close();
    },
  };
}
