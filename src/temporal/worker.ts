import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Config, Timings } from '../config/index.js';
import type { Logger } from '../observability/logger.js';
import { connectionOptions } from './client.js';
import { dataConverter } from './data-converter.js';
import { activityLog } from './activity-log.js';
import type { TaskQueues } from '../../workflows/contracts/task-queues.js';
import { activityTracing } from './tracing/activity-tracing.js';
import { workflowTracing } from './tracing/workflow-tracing.js';
import type { Activities } from '../../workflows/contracts/activities.js';
import type { PumpActivities } from '../../workflows/contracts/delivery-pump.js';

/** Made by the build; a worker that bundled by itself would start seconds later. */
const builtBundle = fileURLToPath(new URL('../../workflow-bundle.js', import.meta.url));

export interface LifecycleWorkerOptions {
  connection: NativeConnection;
  namespace: string;
  queues: TaskQueues;
  activities: Activities;
  identity: string;
  logger: Logger;
  timings: Pick<Timings, 'activities' | 'shutdown' | 'workflows'>;
  /** The workflows' bundle; by default the build's. */
  bundlePath?: string;
}

/** Of every worker; the benchmarks' baseline runs with them too. */
export const workerSettings = ({ activities, shutdown }: Pick<Timings, 'activities' | 'shutdown'>) =>
  ({
    // What is under way gets this long, then it is told to stop, then it is left.
    shutdownGraceTime: shutdown.activitiesGraceMs,
    shutdownForceTime: shutdown.activitiesForceMs,
    // Heartbeats pass at once: a lost worker is noticed by their absence.
    maxHeartbeatThrottleInterval: activities.heartbeatThrottleMs,
    defaultHeartbeatThrottleInterval: activities.heartbeatThrottleMs,
    dataConverter,
  }) satisfies Partial<WorkerOptions>;

/** Of a worker that runs workflow code. */
export const workflowWorkerSettings = ({ workflows }: Pick<Timings, 'workflows'>) =>
  ({
    // The default holds 2,310 workflows in 779 MB.
    maxCachedWorkflows: 300,
    stickyQueueScheduleToStartTimeout: workflows.stickyTimeoutMs,
  }) satisfies Partial<WorkerOptions>;

/** The worker of the lifecycles: workflow code on one queue, what calls trackers on another, so that each scales by itself. */
export async function createLifecycleWorkers(options: LifecycleWorkerOptions): Promise<Worker[]> {
  const { connection, namespace, identity, queues, timings } = options;
  const common = { ...workerSettings(timings), connection, namespace, identity };
  return Promise.all([
    Worker.create({
      ...common,
      ...workflowWorkerSettings(timings),
      taskQueue: queues.lifecycles,
      workflowBundle: { codePath: options.bundlePath ?? builtBundle },
      sinks: workflowTracing,
    }),
    Worker.create({
      ...common,
      taskQueue: queues.providers,
      activities: options.activities,
      maxConcurrentActivityTaskExecutions: 200,
      interceptors: { activity: [activityTracing, activityLog(options.logger)] },
    }),
  ]);
}

export interface PumpWorkerOptions {
  connection: NativeConnection;
  namespace: string;
  queues: TaskQueues;
  activities: PumpActivities;
  identity: string;
  logger: Logger;
  timings: Pick<Timings, 'activities' | 'pump' | 'shutdown'>;
  /** How many pumps there are: one process may have them all. */
  pumps: number;
}

/** The worker of the delivery pumps, which has nothing else to do: a pump is stopped, and moved, by itself. */
export function createPumpWorker({ queues, pumps, logger, timings, ...options }: PumpWorkerOptions): Promise<Worker> {
  return Worker.create({
    ...workerSettings(timings),
    ...options,
    taskQueue: queues.pumps,
    // Told to stop at once: it stops claiming, and finishes what is in flight within `pump.drainMs`.
    shutdownGraceTime: 0,
    shutdownForceTime: timings.shutdown.pumpForceMs,
    // The SDK's own throttle is 80 % of the heartbeat timeout, which would leave little to be late in.
    maxHeartbeatThrottleInterval: timings.pump.heartbeatThrottleMs,
    defaultHeartbeatThrottleInterval: timings.pump.heartbeatThrottleMs,
    // Not traced: thousands of deliveries pass through one activity.
    interceptors: { activity: [activityLog(logger)] },
    maxConcurrentActivityTaskExecutions: pumps,
    maxConcurrentActivityTaskPolls: 1,
  });
}

/** Connects a worker, trying for `connectForMs`: at start-up the server may come later. @throws the last error */
export async function connectWorker(
  temporal: Config['temporal'],
  { connectForMs, connectEveryMs }: Timings['temporal'],
  logger: Logger,
): Promise<NativeConnection> {
  const giveUpAt = Date.now() + connectForMs;
  for (;;) {
    try {
      return await NativeConnection.connect(connectionOptions(temporal));
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
      logger.warn({ err: error }, 'Temporal is not there yet; trying again');
      await new Promise((resolve) => setTimeout(resolve, connectEveryMs));
    }
  }
}
