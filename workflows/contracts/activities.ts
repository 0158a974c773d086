import type { EndpointActivities } from './endpoint.js';
import type { EscalationActivities } from './escalation.js';
import type { NotificationActivities } from './notifications.js';
import type { PollActivities } from './poll.js';
import type { TicketActivities } from './ticket.js';

/** All activities of the `providers` task queue, by the names that workflows call them by. */
export type Activities = TicketActivities &
  EscalationActivities &
  NotificationActivities &
  EndpointActivities &
  PollActivities;
