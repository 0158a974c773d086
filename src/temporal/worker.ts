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

interface CommonOptions {
  connection: NativeConnection;
  namespace: string;
  queues: TaskQueues;
  identity: string;
  timings: Pick<Timings, 'activities' | 'shutdown' | 'workflows'>;
}

export interface WorkflowWorkerOptions extends CommonOptions {
  /** The workflows' bundle; by default the build's. */
  bundlePath?: string;
}

export interface ActivityWorkerOptions extends CommonOptions {
  activities: Activities;
  logger: Logger;
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

/** The worker of workflow code. */
export function createWorkflowWorker({
  queues,
  timings,
  bundlePath,
  ...options
}: WorkflowWorkerOptions): Promise<Worker> {
  return Worker.create({
    ...workerSettings(timings),
    ...workflowWorkerSettings(timings),
    ...options,
    taskQueue: queues.lifecycles,
    workflowBundle: { codePath: bundlePath ?? builtBundle },
    sinks: workflowTracing,
  });
}

/**
 * A worker of activities. Those of `providers` call trackers, which may hang; escalations, notifications and polls have slots
 * of their own on `urgent`. Both know all activities: those of workflows that an older release runs are still on `providers`.
 */
export function createActivityWorker(
  role: 'providers' | 'urgent',
  { queues, timings, logger, activities, ...options }: ActivityWorkerOptions,
): Promise<Worker> {
  return Worker.create({
    ...workerSettings(timings),
    ...options,
    taskQueue: queues[role],
    activities,
    maxConcurrentActivityTaskExecutions: 200,
    interceptors: { activity: [activityTracing, activityLog(logger)] },
  });
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
