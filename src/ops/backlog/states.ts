import type { Models } from '../../models.js';
import type { Timings } from '../../config/index.js';
import { countPresent } from '../../temporal/presence.js';
import { taskQueues } from '../../../workflows/contracts/task-queues.js';
import type { LinkDoc } from '../../tickets/links/model.js';
import { bound, countedTo } from './reading.js';

const syncStates = ['synced', 'pending', 'error'] as const;

/** How many live links are in each state, counted to 100,000. */
export async function readLinks(models: Models): Promise<{ sync_state: string; count: number }[]> {
  const links = models.tickets.links;
  const count = (sync_state: LinkDoc['sync_state']) =>
    links.countDocuments({ live: true, sync_state }, { limit: countedTo, ...bound });
  return Promise.all(syncStates.map(async (sync_state) => ({ sync_state, count: await count(sync_state) })));
}

/** How many workers poll each queue, as they say themselves. Named without the suffix. */
export async function readWorkers(
  models: Models,
  queueSuffix: string,
  timings: Timings['presence'],
): Promise<{ queue: string; count: number }[]> {
  const presence = models.presence;
  const queues = Object.entries(taskQueues(queueSuffix)) as [string, string][];
  return Promise.all(
    queues.map(async ([queue, name]) => ({ queue, count: await countPresent(presence, name, timings) })),
  );
}
