import type { Config } from './config/index.js';
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
import { createNewestEvent } from './escalations/policies/newest-event.js';
import type { AuditTrail } from './http/audit.js';
import type { HttpMiddleware } from './http/state.js';
import type { Services } from './services.js';

/** The console, as middleware that runs before the API's routes. */
export function consolePages(services: Services, config: Config, auditTrail: AuditTrail): HttpMiddleware[] {
  const { models, auth, tickets, escalations, connections, approvals, isWorkerAlive } = services;
  const { publicUrl, rateLimitPerSecond } = config.http;
  const ticketSection = createTicketSection({
    admin: tickets.admin,
    connectionName: async (orgId, id) => (await connections.store.findIn(orgId, id))?.name ?? null,
    isWorkerAlive,
    raisedAt: async (orgId, id) => (await escalations.service.get(orgId, id)).created_at,
  });
  return createConsole({
    sessions: models.sessions,
    publicUrl,
    cipher: services.cipher,
    identify: auth.identify,
    orgs: auth.orgService,
    ownerOf: auth.ownerOf,
    audit: services.audit,
    auditTrail,
    secret: config.encryption.key,
    failuresPerMinute: rateLimitPerSecond === 0 ? 0 : 10,
    pages: [
      ...escalationPages({
        ...escalations,
        find: services.escalationStore.find,
        tickets: ticketSection,
        timings: config.timings,
      }),
      ...evidenceRequestPages({
        service: services.evidenceRequestService,
        ticketOf: (orgId, ids) => tickets.ticketOf('evidence_request', orgId, ids),
        tickets: ticketSection,
      }),
      ...connectionPages({
        ...connections,
        publicUrl,
        countLinks: (scope) => models.tickets.links.countDocuments({ scope, live: true }).exec(),
      }),
      ...webhookPages(services.webhooks.admin),
      setupPage({ check: services.setupCheck }),
      ...apiKeyPages({ apiKeys: auth.apiKeyService }),
      ...approvalPages(approvals),
      ...routingPages({
        routing: services.routing,
        policies: services.policies,
        tickets: services.providers,
        connections: connections.service,
        channelsOf: async (orgId) => (await approvals.service.get(orgId)).channels,
        newestEvent: createNewestEvent({ events: models.events }),
      }),
    ],
  });
}
