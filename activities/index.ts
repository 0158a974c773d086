import type { EndpointActivityDeps } from './endpoints/context.js';
import { createEndpointActivities } from './endpoints/index.js';
import type { EscalationActivityDeps } from './escalations/context.js';
import { createEscalationActivities } from './escalations/index.js';
import { createNotificationActivities } from './notifications/index.js';
import type { NotificationActivityDeps } from './notifications/context.js';
import { createPollActivities, type PollActivityDeps } from './polls/index.js';
import { createTicketActivities } from './tickets/index.js';
import type { TicketActivityDeps } from './tickets/context.js';
import type { Activities } from '../workflows/contracts/activities.js';

export interface ActivityDeps {
  tickets: TicketActivityDeps;
  escalations: EscalationActivityDeps;
  notifications: NotificationActivityDeps;
  endpoints: EndpointActivityDeps;
  polls: PollActivityDeps;
}

/** All activities, by the names that workflows use. */
export function createActivities(deps: ActivityDeps): Activities {
  return {
    ...createTicketActivities(deps.tickets),
    ...createEscalationActivities(deps.escalations),
    ...createNotificationActivities(deps.notifications),
    ...createEndpointActivities(deps.endpoints),
    ...createPollActivities(deps.polls),
  };
}
