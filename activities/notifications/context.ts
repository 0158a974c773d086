import type { Model } from 'mongoose';
import type { Notifier } from '../../src/notifications/approvals/notifier.js';
import type { NotificationDoc } from '../../src/notifications/approvals/outbox/model.js';
import type { Outbox } from '../../src/notifications/approvals/outbox/outbox.js';
import type { Timings } from '../../src/config/index.js';
import type { EventDoc } from '../../src/events/model.js';
import type { Logger } from '../../src/observability/logger.js';
import type { LifecycleMetrics } from '../../src/observability/metrics/lifecycle-metrics.js';

/** A point where a fault test can kill the process. Production never uses it. */
export type DeliveryPoint = 'before_send' | 'after_send';

export interface NotificationActivityDeps {
  outbox: Outbox;
  notifier: Pick<Notifier, 'send'>;
  events: Model<EventDoc>;
  /** The base of the links in notifications about budget events. */
  publicUrl: string;
  /** Logs unexpected errors in full; Temporal gets their class only. */
  logger: Logger;
  timings: Pick<Timings, 'activities' | 'retries'>;
  /** Absent: no metrics. */
  metrics?: Pick<LifecycleMetrics, 'notified'> | undefined;
  /** Set by fault tests only. */
  atPoint?: (point: DeliveryPoint, due: NotificationDoc) => Promise<void> | void;
}

/** One attempt at notifying one channel. */
export interface DeliveryTry extends NotificationActivityDeps {
  /** Aborts when the attempt is lost anyway. */
  signal: AbortSignal;
  /** Whether the workflow has cancelled the attempt: a call in flight is completed, and nothing new begins. */
  isCalledBack: () => boolean;
}
