import type { Model } from 'mongoose';
import type { Notifier } from '../../src/notifications/approvals/notifier.js';
import type { NotificationDoc } from '../../src/notifications/approvals/outbox/model.js';
import type { Outbox } from '../../src/notifications/approvals/outbox/outbox.js';
import type { Timings } from '../../src/config/index.js';
import type { EventDoc } from '../../src/events/model.js';
import type { Logger } from '../../src/observability/logger.js';
import type { LifecycleMetrics } from '../../src/observability/metrics/lifecycle-metrics.js';

/** A point in a delivery where a test can make its process die; nothing in production listens. */
export type DeliveryPoint = 'before_send' | 'after_send';

export interface NotificationActivityDeps {
  outbox: Outbox;
  notifier: Pick<Notifier, 'send'>;
  events: Model<EventDoc>;
  /** Where a notification of a budget event leads to. */
  publicUrl: string;
  /** Gets what Temporal is not told: where an unexpected error happened. */
  logger: Logger;
  timings: Pick<Timings, 'activities' | 'retries'>;
  /** Absent: nothing is counted. */
  metrics?: Pick<LifecycleMetrics, 'notified'> | undefined;
  /** Only the fault tests give one. */
  atPoint?: (point: DeliveryPoint, due: NotificationDoc) => Promise<void> | void;
}

/** One try at telling one channel. */
export interface DeliveryTry extends NotificationActivityDeps {
  /** Aborts when the try is lost anyway. */
  signal: AbortSignal;
  /** Whether the workflow has called it back: what is on its way is finished, and nothing more is begun. */
  isCalledBack: () => boolean;
}
