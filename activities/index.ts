import type { EndpointActivityDeps } from './endpoints/context.js';
import { createEndpointActivities, type EndpointActivities } from './endpoints/index.js';
import type { EscalationActivityDeps } from './escalations/context.js';
import { createEscalationActivities, type EscalationActivities } from './escalations/index.js';
import { createNotificationActivities, type NotificationActivities } from './notifications/index.js';
import type { NotificationActivityDeps } from './notifications/context.js';
import { createPollActivities, type PollActivities, type PollActivityDeps } from './polls/index.js';
import { createTicketActivities, type TicketActivities } from './tickets/index.js';
import type { TicketActivityDeps } from './tickets/context.js';

export type Activities = TicketActivities &
  EscalationActivities &
  NotificationActivities &
  EndpointActivities &
  PollActivities;

export interface ActivityDeps {
  tickets: TicketActivityDeps;
  escalations: EscalationActivityDeps;
  notifications: NotificationActivityDeps;
  endpoints: EndpointActivityDeps;
  polls: PollActivityDeps;
}

/** All activities, by the name that workflows call them by. */
export function createActivities(deps: ActivityDeps): Activities {
  return {
    ...createTicketActivities(deps.tickets),
    ...createEscalationActivities(deps.escalations),
    ...createNotificationActivities(deps.notifications),
    ...createEndpointActivities(deps.endpoints),
    ...createPollActivities(deps.polls),
  };
}
