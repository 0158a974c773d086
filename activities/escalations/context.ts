import type { Outbox } from '../../src/notifications/approvals/outbox/outbox.js';
import type { Timings } from '../../src/config/index.js';
import type { EscalationDoc } from '../../src/escalations/model.js';
import type { EscalationStore } from '../../src/escalations/store.js';
import type { EventStore } from '../../src/events/store.js';
import type { Logger } from '../../src/observability/logger.js';
import type { LifecycleMetrics } from '../../src/observability/metrics/lifecycle-metrics.js';
import type { TicketSignaler } from '../../src/temporal/ticket-signaler.js';
import type { LinkDoc } from '../../src/tickets/links/model.js';
import type { LinkOpenerDeps } from '../../src/tickets/links/open-link.js';

/** A point where a fault test can kill the process. Production never uses it. */
export type EscalationFaultPoint = 'before_entry' | 'after_ticket' | 'after_event' | 'after_outbox' | 'after_entry';

export interface EscalationActivityDeps {
  store: EscalationStore;
  tickets: LinkOpenerDeps;
  /** Wakes the workflow of a ticket that is commented on or closed. */
  signaler: Pick<TicketSignaler, 'wake'>;
  events: EventStore;
  outbox: Outbox;
  /** Without a trailing slash. */
  publicUrl: string;
  /** The `data` of an event about an escalation. */
  eventData: (escalation: EscalationDoc, link: LinkDoc | null) => object;
  /** Logs unexpected errors in full; Temporal gets their class only. */
  logger: Logger;
  timings: Pick<Timings, 'activities'>;
  /** Absent: no metrics. */
  metrics?: Pick<LifecycleMetrics, 'entryApplied'> | undefined;
  /** Set by fault tests only. */
  atPoint?: (point: EscalationFaultPoint, escalation: EscalationDoc) => Promise<void> | void;
}
