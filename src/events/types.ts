/** What can happen, by the names that subscribers know. */
export const eventTypes = [
  'event.created',
  'escalation.created',
  'escalation.resolved',
  'export.completed',
  'gateway.health_changed',
  'budget.threshold_reached',
  'config.deployed',
] as const;
export type EventType = (typeof eventTypes)[number];

/** Ours to send: refused from outside. */
export const ownEventTypes = ['escalation.created', 'escalation.resolved'] as const satisfies readonly EventType[];
export type OwnEventType = (typeof ownEventTypes)[number];

/** What may be ingested. */
export const ingestedEventTypes = [
  'event.created',
  'export.completed',
  'gateway.health_changed',
  'budget.threshold_reached',
  'config.deployed',
] as const satisfies readonly EventType[];
