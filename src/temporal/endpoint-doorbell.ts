import type { Client } from '@temporalio/client';
import type { endpoint, EndpointTimings } from '../../workflows/endpoint/workflow.js';
import { ringSignal, type Ring } from '../../workflows/contracts/messages.js';
import type { Timings } from '../config/index.js';
import type { Logger } from '../observability/logger.js';
import type { EndpointDoorbell } from './endpoint-wake.js';
import { isTaken } from './is-taken.js';
import { endpointStart, endpointTimings } from '../../workflows/contracts/workflow-starts.js';

/** Rings the workflows of sick endpoints, starting them when they do not run. */
export function createEndpointDoorbell({
  client,
  taskQueue,
  logger,
  timings,
  treatment = endpointTimings(timings),
}: {
  client: Client;
  taskQueue: string;
  logger: Logger;
  timings: Pick<Timings, 'activities' | 'health' | 'temporal'>;
  /** Other than the timings say, for tests. */
  treatment?: EndpointTimings;
}): EndpointDoorbell {
  return {
    ring: (target) =>
      isTaken(
        { client, timeoutMs: timings.temporal.callTimeoutMs },
        () =>
          client.workflow.signalWithStart<typeof endpoint, [Ring?]>('endpoint', {
            ...endpointStart(target, treatment, timings),
            workflowIdConflictPolicy: 'USE_EXISTING',
            taskQueue,
            signal: ringSignal,
            signalArgs: [{}],
          }),
        (err) =>
          logger.warn(
            { err, org: target.org_id, endpoint: target._id },
            'Temporal did not take a ring; the dispatcher rings again',
          ),
      ),
  };
}
