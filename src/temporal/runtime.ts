import {
  DefaultLogger,
  IllegalStateError,
  makeTelemetryFilterString,
  Runtime,
  type RuntimeOptions,
} from '@temporalio/worker';
import type { Logger } from '../observability/logger.js';

/**
 * Sets the SDK up for this process, once: it logs where we log, and leaves signals to us. What it says of failed
 * activities is our own words already; of the rest only its message and where it happened are kept.
 * @param metricsAddress where the SDK gives its metrics, in Prometheus' text; nowhere when left out
 * @param isShared whether several workers run in this process: all use the runtime that the first one installs
 * @throws IllegalStateError when there is a runtime already, and it isn't shared
 */
export function installRuntime(logger: Logger, metricsAddress?: string, isShared = false): void {
  try {
    Runtime.install(runtimeOptions(logger, metricsAddress));
  } catch (error) {
    if (!(isShared && error instanceof IllegalStateError)) throw error;
  }
}

function runtimeOptions(logger: Logger, metricsAddress?: string): RuntimeOptions {
  return {
    shutdownSignals: [],
    logger: new DefaultLogger('INFO', ({ level, message, meta }) => {
      const { taskQueue, workflowId, workflowType, activityType, attempt } = (meta ?? {}) as Record<string, unknown>;
      const workflow = { workflow_id: workflowId, workflow_type: workflowType };
      const about = { sdk: true, task_queue: taskQueue, ...workflow, activity: activityType, attempt };
      // Activities have lines of ours, with more in them: activity-log.ts.
      if (activityType !== undefined && message.startsWith('Activity ')) return;
      if (level === 'ERROR') logger.error(about, message);
      else if (level === 'WARN') logger.warn(about, message);
      else logger.debug(about, message);
    }),
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }), forward: {} },
      ...(metricsAddress !== undefined && { metrics: sdkMetrics(metricsAddress) }),
    },
  };
}

/** Seconds. The SDK's own steps begin at a tenth of one. */
const waits = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** Named as Prometheus wants it: seconds, and `_total` behind counters. */
const sdkMetrics = (bindAddress: string) => ({
  prometheus: {
    ...{ bindAddress, useSecondsForDurations: true, unitSuffix: true, countersTotalSuffix: true },
    histogramBucketOverrides: {
      activity_schedule_to_start_latency: waits,
      workflow_task_schedule_to_start_latency: waits,
    },
  },
});
