import type { EscalationActivityDeps } from './escalations/context.js';
import { createEscalationActivities, type EscalationActivities } from './escalations/index.js';
import { createNotificationActivities, type NotificationActivities } from './notifications/index.js';
import type { NotificationActivityDeps } from './notifications/context.js';
import { createTicketActivities, type TicketActivities } from './tickets/index.js';
import type { TicketActivityDeps } from './tickets/context.js';

export type Activities = TicketActivities & EscalationActivities & NotificationActivities;

export interface ActivityDeps {
  tickets: TicketActivityDeps;
  escalations: EscalationActivityDeps;
  notifications: NotificationActivityDeps;
}

/** All activities, by the name that workflows call them by. */
export function createActivities(deps: ActivityDeps): Activities {
  return {
    ...createTicketActivities(deps.tickets),
    ...createEscalationActivities(deps.escalations),
    ...createNotificationActivities(deps.notifications),
  };
}
