import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Activities } from '../../activities/index.js';
import type { PumpActivities } from '../../activities/pump/index.js';
import type { Config } from '../config/index.js';
import type { Logger } from '../observability/logger.js';
import { connectionOptions } from './client.js';
import { dataConverter } from './data-converter.js';
import { activityLog } from './activity-log.js';
import type { TaskQueues } from './task-queues.js';
import { activityTracing } from './tracing/activity-tracing.js';
import { workflowTracing } from './tracing/workflow-tracing.js';

/** Made by the build; a worker that bundled by itself would start seconds later. */
const builtBundle = fileURLToPath(new URL('../../workflow-bundle.js', import.meta.url));

export interface LifecycleWorkerOptions {
  connection: NativeConnection;
  namespace: string;
  queues: TaskQueues;
  activities: Activities;
  identity: string;
  logger: Logger;
  /** The workflows' bundle; by default the build's. */
  bundlePath?: string;
}

/** Of every worker; the benchmarks' baseline runs with them too. */
export const workerSettings = {
  // What is under way gets this long, then it is told to stop, then it is left.
  shutdownGraceTime: '10 seconds',
  shutdownForceTime: '20 seconds',
  // Heartbeats pass at once: a lost worker is noticed by their absence.
  maxHeartbeatThrottleInterval: '2 seconds',
  defaultHeartbeatThrottleInterval: '2 seconds',
  dataConverter,
} satisfies Partial<WorkerOptions>;

/** Of a worker that runs workflow code. */
export const workflowWorkerSettings = {
  // The default holds 2,310 workflows in 779 MB.
  maxCachedWorkflows: 300,
} satisfies Partial<WorkerOptions>;

/** The worker of the lifecycles: workflow code on one queue, what calls trackers on another, so that each scales by itself. */
export async function createLifecycleWorkers(options: LifecycleWorkerOptions): Promise<Worker[]> {
  const { connection, namespace, identity, queues } = options;
  const common = { ...workerSettings, connection, namespace, identity };
  return Promise.all([
    Worker.create({
      ...common,
      ...workflowWorkerSettings,
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
  /** How many pumps there are: one process may have them all. */
  pumps: number;
}

/** The worker of the delivery pumps, which has nothing else to do: a pump is stopped, and moved, by itself. */
export function createPumpWorker({ queues, pumps, logger, ...options }: PumpWorkerOptions): Promise<Worker> {
  return Worker.create({
    ...workerSettings,
    ...options,
    taskQueue: queues.pumps,
    // Told to stop at once: it stops claiming, and finishes what is in flight within five seconds.
    shutdownGraceTime: 0,
    shutdownForceTime: '10 seconds',
    // The default throttle is 80 % of the heartbeat timeout: of six seconds, this leaves four to be late in.
    maxHeartbeatThrottleInterval: '1.5 seconds',
    defaultHeartbeatThrottleInterval: '1.5 seconds',
    // Not traced: thousands of deliveries pass through one activity.
    interceptors: { activity: [activityLog(logger)] },
    maxConcurrentActivityTaskExecutions: pumps,
    maxConcurrentActivityTaskPolls: 1,
  });
}

const connectForMs = 120_000;
const connectPauseMs = 1_000;

/** Connects a worker, trying for two minutes: at start-up the server may come later. @throws the last error */
export async function connectWorker(temporal: Config['temporal'], logger: Logger): Promise<NativeConnection> {
  const giveUpAt = Date.now() + connectForMs;
  for (;;) {
    try {
      return await NativeConnection.connect(connectionOptions(temporal));
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
      logger.warn({ err: error }, 'Temporal is not there yet; trying again');
      await new Promise((resolve) => setTimeout(resolve, connectPauseMs));
    }
  }
}
