import type { Connection } from 'mongoose';
import { approvalsModel } from '../../notifications/approvals/model.js';
import { notificationModel } from '../../notifications/approvals/outbox/model.js';
import { connectionModel } from '../../integrations/connections/model.js';
import { sessionModel } from '../../console/session/model.js';
import { escalationModel } from '../../escalations/model.js';
import { policiesModel } from '../../escalations/policies/model.js';
import { routingModel } from '../../escalations/routing/model.js';
import { dropEventsInTime, eventModel } from '../../events/model.js';
import { evidenceRequestModel } from '../../evidence-requests/model.js';
import { idempotencyModel } from '../../http/idempotency/model.js';
import { apiKeyModel } from '../../auth/api-key-model.js';
import { auditEntryModel } from '../../auth/audit/model.js';
import { orgModel } from '../../auth/org-model.js';
import { trackerStateModel } from '../../integrations/breaker/model.js';
import { mockTicketModels } from '../../integrations/mock/model.js';
import { sourceModel } from '../../escalations/sources/model.js';
import { presenceModel } from '../../temporal/presence.js';
import { pollModel } from '../../tickets/polling/model.js';
import { createScheduled } from '../../tickets/polling/scheduled.js';
import { ticketStore } from '../../tickets/store.js';
import { attemptModel, deliveryModel } from '../../webhooks/deliveries/model.js';
import { testEventModel } from '../../webhooks/deliveries/test-event.js';
import { endpointModel } from '../../webhooks/endpoints/model.js';
import { healthModel } from '../../webhooks/health/model.js';
import { pumpLeaseModel, pumpPlanModel } from '../../webhooks/leases/model.js';

export type ProductModels = ReturnType<typeof productModels>;

/** Every collection that API and worker have, with the indexes that they make at their start. Once a connection. */
export function productModels(connection: Connection, retentionDays: number) {
  const events = eventModel(connection);
  dropEventsInTime(events, retentionDays);
  createScheduled(connection);
  for (const model of [orgModel, apiKeyModel, auditEntryModel, evidenceRequestModel, escalationModel])
    model(connection);
  for (const model of [policiesModel, routingModel, notificationModel, pollModel]) model(connection);
  deliveryModel(connection, retentionDays);
  attemptModel(connection, retentionDays);
  testEventModel(connection, retentionDays);
  return {
    mock: mockTicketModels(connection),
    tickets: ticketStore(connection),
    connections: connectionModel(connection),
    approvals: approvalsModel(connection),
    sources: sourceModel(connection),
    endpoints: endpointModel(connection),
    health: healthModel(connection),
    states: trackerStateModel(connection),
    presence: presenceModel(connection),
    leases: pumpLeaseModel(connection),
    plan: pumpPlanModel(connection),
    answers: idempotencyModel(connection),
    sessions: sessionModel(connection),
  };
}
