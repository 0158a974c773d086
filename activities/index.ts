import { createTicketActivities, type TicketActivities } from './tickets/index.js';
import type { TicketActivityDeps } from './tickets/context.js';

export type Activities = TicketActivities;

/** All activities, by the name that workflows call them by. */
export function createActivities(deps: { tickets: TicketActivityDeps }): Activities {
  return { ...createTicketActivities(deps.tickets) };
}
