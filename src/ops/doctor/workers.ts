import type { Timings } from '../../config/index.js';
import { trusted } from '../../db/schema-options.js';
import { countPresent } from '../../temporal/presence.js';
import type { TaskQueues } from '../../../workflows/contracts/task-queues.js';
import { attention, bad, count, ok, type Finding } from './finding.js';
import type { Models } from '../../models.js';
import type { TemporalCalls } from './temporal.js';

/** A poll waits for a minute at most, and is asked for anew; a killed worker is listed for as long. */
const polledWithinMs = 75_000;
const startIt = 'Start a worker (npm run start:worker), and look into its log.';

/** Whether somebody works: by what workers say of themselves in MongoDB, and by whom Temporal sees polling. */
export async function checkWorkers(
  models: Models,
  calls: TemporalCalls,
  { queues, timings }: { queues: TaskQueues; timings: Pick<Timings, 'presence'> },
): Promise<Finding[]> {
  const [present, polled] = await Promise.all([
    countPresent(models.presence, queues.lifecycles, timings.presence),
    Promise.all(
      (['lifecycles', 'providers', 'urgent', 'pumps'] as const).map(async (name) => ({
        queue: queues[name],
        pollers: await pollersOf(calls, queues[name], name === 'lifecycles' ? types.workflow : types.activity),
      })),
    ),
  ]);
  const alone = polled.filter(({ pollers }) => pollers === 0).map(({ queue }) => queue);
  return [
    presence(present),
    pollers(
      alone,
      polled.map(({ queue }) => queue),
      present,
    ),
  ];
}

/** `temporal.api.enums.v1.TaskQueueType`, which the client does not export. */
type QueueType = NonNullable<
  Parameters<TemporalCalls['connection']['workflowService']['describeTaskQueue']>[0]['taskQueueType']
>;
// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- there is no name for these numbers here
const types: Record<'workflow' | 'activity', QueueType> = { workflow: 1, activity: 2 };

async function pollersOf(
  { connection, namespace, ask }: TemporalCalls,
  name: string,
  taskQueueType: QueueType,
): Promise<number> {
  const { pollers } = await ask(() =>
    connection.workflowService.describeTaskQueue({
      namespace,
      taskQueue: { name },
      taskQueueType: taskQueueType,
    }),
  );
  const newest = Math.max(0, ...pollers.map(lastSeen));
  // By Temporal's own clock, as far as it can be known: the one that polled last may have done so now.
  const now = Math.max(newest, Date.now());
  return pollers.filter((poller) => now - lastSeen(poller) < polledWithinMs).length;
}

const lastSeen = ({ lastAccessTime }: { lastAccessTime?: { seconds?: unknown } | null }) =>
  Number(lastAccessTime?.seconds ?? 0) * 1000;

function presence(present: number): Finding {
  const id = 'temporal.workers';
  if (present > 0)
    return ok(
      id,
      `${count(present, 'worker says of itself that it polls', 'workers say of themselves that they poll')}.`,
    );
  return bad(id, 'No worker has said within 7 s that it polls: writes are accepted and wait.', startIt);
}

function pollers(alone: readonly string[], all: readonly string[], present: number): Finding {
  const id = 'temporal.task_queues';
  if (alone.length === 0) return ok(id, `The task queues ${all.join(', ')} are polled.`);
  const message = `Nobody polls ${alone.join(', ')} in this namespace.`;
  return present > 0
    ? bad(
        id,
        `${message} Yet a worker says that it does.`,
        'Does that worker have the same TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and TEMPORAL_QUEUE_SUFFIX, and do the WORKER_ROLES of all workers together name each role?',
      )
    : bad(id, message, startIt);
}

/** Whether deliveries go out: each pump is held by a worker that renews its lease every two seconds. */
export async function checkPumps(
  { pumpLeases: leases, pumpPlan: plan }: Pick<Models, 'pumpLeases' | 'pumpPlan'>,
  wanted: number,
): Promise<Finding> {
  const id = 'temporal.pumps';
  const [held, planned] = await Promise.all([
    leases.countDocuments({ lease_until: trusted({ $gt: new Date() }) }),
    plan.findOne({}).lean(),
  ]);
  if (planned && planned.pumps !== wanted) {
    return attention(
      id,
      `DELIVERY_PUMPS is ${wanted} here, and the workers run ${planned.pumps}.`,
      'Give all workers the same DELIVERY_PUMPS; the one that started last decides.',
    );
  }
  if (held >= wanted) return ok(id, `${count(wanted, 'delivery pump is', 'delivery pumps are')} held by a worker.`);
  return attention(
    id,
    `${wanted - held} of ${count(wanted, 'delivery pump')} is held by no worker: what is due for its endpoints waits.`,
    'When it stays so for more than ten seconds: look at the workflows delivery-pump/… in the Temporal UI, and into the workers’ logs.',
  );
}
