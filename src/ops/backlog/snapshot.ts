import type { Timings } from '../../config/index.js';
import type { Models } from '../../models.js';
import { readEscalations } from './escalations.js';
import { oldestCommand, oldestDelivery, readNotifications } from './oldest-due.js';
import { readBreakers, readEndpoints, readParked } from './unhealthy.js';
import { readLinks, readWorkers } from './states.js';

export interface BacklogDeps {
  models: Models;
  /** Behind the names of the task queues. */
  queueSuffix: string;
  timings: Pick<Timings, 'observability' | 'presence'>;
}

export type Backlog = Awaited<ReturnType<typeof readBacklog>>;

/**
 * Where all work stands, by queries that an index bounds.
 * @throws MongoDB's errors
 */
export async function readBacklog({ models, queueSuffix, timings }: BacklogDeps) {
  const now = new Date();
  const [command, delivery, notifications, links, escalations, endpoints, parked, breakers, workers] =
    await Promise.all([
      oldestCommand(models),
      oldestDelivery(models, now),
      readNotifications(models),
      readLinks(models),
      readEscalations(models),
      readEndpoints(models),
      readParked(models),
      readBreakers(models, now),
      readWorkers(models, queueSuffix, timings.presence),
    ]);
  const age = (since: Date | null) => (since ? Math.max(0, (now.getTime() - since.getTime()) / 1_000) : 0);
  return {
    /** Seconds; 0 when nothing is due. */
    oldestDue: { ticket_command: age(command), delivery: age(delivery), notification: age(notifications.oldest) },
    notificationsPending: notifications.pending,
    ...{ links, escalations, endpoints, parked, breakers, workers },
  };
}
