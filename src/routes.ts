import { notificationWebhooks } from './notifications/outgoing-webhooks.js';
import { ticketWebhooks } from './tickets/outgoing-webhooks.js';
import { eventWebhooks } from './webhooks/event-payloads.js';
import { auditRoutes } from './auth/audit/routes.js';
import { apiKeyRoutes } from './auth/api-key-routes.js';
import { orgRoutes } from './auth/routes.js';
import { whoamiRoute } from './auth/whoami-route.js';
import type { Config } from './config/index.js';
import { policyRoutes } from './escalations/policies/routes.js';
import { escalationRoutes } from './escalations/routes.js';
import { routingRoutes } from './escalations/routing/routes.js';
import { sourceInboundRoute } from './escalations/sources/inbound/routes.js';
import { sourceRoutes } from './escalations/sources/routes.js';
import { eventRoutes } from './events/routes.js';
import { evidenceRequestRoutes } from './evidence-requests/routes.js';
import type { Route } from './http/route.js';
import { createSignatureFailures } from './http/signature-failures.js';
import { connectionRoutes } from './integrations/connections/routes.js';
import { mockTicketRoutes } from './integrations/mock/routes.js';
import { setupRoutes } from './integrations/setup/routes.js';
import { approvalRoutes } from './notifications/approvals/routes.js';
import type { Services } from './services.js';
import { commentRoutes } from './tickets/comments/routes.js';
import { inboundRoutes } from './tickets/inbound/routes.js';
import { linkRoutes } from './tickets/links/routes.js';
import type { SubjectType } from './tickets/subject.js';
import { deliveryRoutes } from './webhooks/deliveries/routes.js';
import { endpointRoutes } from './webhooks/endpoints/routes.js';

/** The features' routes, in the order of the OpenAPI document. */
export function featureRoutes(services: Services, config: Pick<Config, 'http'>): Route[] {
  const { publicUrl, rateLimitPerSecond } = config.http;
  const { auth, tickets, webhooks } = services;
  const signatureFailures = createSignatureFailures(rateLimitPerSecond);
  const ticketRoutes = (base: string, type: SubjectType) => [
    ...linkRoutes(base, type, tickets.links, tickets.present),
    ...commentRoutes(base, type, tickets.comments),
  ];
  return [
    ...orgRoutes(auth),
    ...apiKeyRoutes(auth),
    ...auditRoutes({ log: services.auditLog }),
    whoamiRoute(auth),
    ...evidenceRequestRoutes({
      evidenceRequestService: services.evidenceRequestService,
      ticketOf: (orgId, ids) => tickets.ticketOf('evidence_request', orgId, ids),
    }),
    ...ticketRoutes('/orgs/{org}/evidence-requests/{id}', 'evidence_request'),
    ...eventRoutes(services),
    ...escalationRoutes(services.escalations),
    ...policyRoutes({ policyService: services.policies }),
    ...routingRoutes({ routingService: services.routing }),
    ...ticketRoutes('/orgs/{org}/escalations/{id}', 'escalation'),
    ...connectionRoutes({
      connectionService: services.connections.service,
      testConnection: services.connections.test,
      publicUrl,
    }),
    ...approvalRoutes({
      approvalService: services.approvals.service,
      testChannel: services.approvals.testChannel,
    }),
    ...sourceRoutes({ sourceService: services.sources.service, publicUrl }),
    sourceInboundRoute(services.sources.inbound, signatureFailures),
    ...endpointRoutes(webhooks),
    ...deliveryRoutes(webhooks.deliveries),
    ...inboundRoutes(tickets.inbound, signatureFailures),
    ...mockTicketRoutes(services.models.mock),
    ...setupRoutes({ check: services.setupCheck }),
  ];
}

/** What Drawbridge sends to others, for the OpenAPI document. */
export const outgoingWebhooks = { ...eventWebhooks, ...notificationWebhooks, ...ticketWebhooks };
