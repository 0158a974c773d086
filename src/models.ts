import type { Connection } from 'mongoose';
import { apiKeyModel } from './auth/api-key-model.js';
import { auditEntryModel, auditIntentModel } from './auth/audit/model.js';
import { orgModel } from './auth/org-model.js';
import { sessionModel } from './console/session/model.js';
import { escalationModel } from './escalations/model.js';
import { policiesModel } from './escalations/policies/model.js';
import { routingModel } from './escalations/routing/model.js';
import { sourceModel } from './escalations/sources/model.js';
import { eventModel } from './events/model.js';
import { evidenceRequestModel } from './evidence-requests/model.js';
import { idempotencyModel } from './http/idempotency/model.js';
import { trackerStateModel } from './integrations/breaker/model.js';
import { connectionModel } from './integrations/connections/model.js';
import { mockTicketModels } from './integrations/mock/model.js';
import { approvalsModel } from './notifications/approvals/model.js';
import { notificationModel } from './notifications/approvals/outbox/model.js';
import { presenceModel } from './temporal/presence.js';
import { pollModel } from './tickets/polling/model.js';
import { pollScheduleModel } from './tickets/polling/scheduled.js';
import { ticketStore } from './tickets/store.js';
import { attemptModel, deliveryModel } from './webhooks/deliveries/model.js';
import { testEventModel } from './webhooks/deliveries/test-event.js';
import { endpointModel } from './webhooks/endpoints/model.js';
import { healthModel } from './webhooks/health/model.js';
import { pumpLeaseModel, pumpPlanModel } from './webhooks/leases/model.js';

export type Models = ReturnType<typeof createModels>;

/**
 * Every collection of the product, with its indexes: each process has all of them, so that each checks and makes all indexes.
 * Once a connection.
 * @param retentionDays how long deliveries and their attempts are kept
 */
export function createModels(connection: Connection, { retentionDays = 30 }: { retentionDays?: number } = {}) {
  return {
    orgs: orgModel(connection),
    apiKeys: apiKeyModel(connection),
    auditEntries: auditEntryModel(connection),
    auditIntents: auditIntentModel(connection),
    sessions: sessionModel(connection),
    idempotency: idempotencyModel(connection),
    presence: presenceModel(connection),

    connections: connectionModel(connection),
    trackerStates: trackerStateModel(connection),
    mock: mockTicketModels(connection),

    evidenceRequests: evidenceRequestModel(connection),
    tickets: ticketStore(connection),
    polls: pollModel(connection),
    pollSchedules: pollScheduleModel(connection),

    events: eventModel(connection, retentionDays),
    escalations: escalationModel(connection),
    policies: policiesModel(connection),
    routing: routingModel(connection),
    sources: sourceModel(connection),
    approvals: approvalsModel(connection),
    notifications: notificationModel(connection),

    endpoints: endpointModel(connection),
    deliveries: deliveryModel(connection, retentionDays),
    attempts: attemptModel(connection, retentionDays),
    testEvents: testEventModel(connection, retentionDays),
    health: healthModel(connection),
    pumpLeases: pumpLeaseModel(connection),
    pumpPlan: pumpPlanModel(connection),
  };
}
