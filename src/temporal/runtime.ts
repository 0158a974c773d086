import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import type { Logger } from '../observability/logger.js';

/**
 * Sets the SDK up for this process, once: it logs where we log, and leaves signals to us. What it says of failed
 * activities is our own words already; of the rest only its message and where it happened are kept.
 */
export function installRuntime(logger: Logger): void {
  Runtime.install({
    shutdownSignals: [],
    logger: new DefaultLogger('INFO', ({ level, message, meta }) => {
      const { taskQueue, workflowId, activityType, attempt } = (meta ?? {}) as Record<string, unknown>;
      const about = { sdk: true, taskQueue, workflowId, activityType, attempt };
      if (level === 'ERROR') logger.error(about, message);
      else if (level === 'WARN') logger.warn(about, message);
      else logger.debug(about, message);
    }),
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }), forward: {} } },
  });
}
