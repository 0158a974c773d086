import type { Client } from '@temporalio/client';
import { wakeSignal, type Wake } from '../../workflows/contracts/messages.js';
import type { Timings } from '../config/index.js';
import type { Logger } from '../observability/logger.js';
import { trySend } from './try-send.js';
import { endpointStart, endpointTimings } from '../../workflows/contracts/workflow-starts.js';
import type { EndpointTimings, EndpointWorkflow } from '../../workflows/contracts/endpoint.js';

/** What starting an endpoint's workflow, or waking the one that runs, needs of the endpoint. */
export interface EndpointWakeTarget {
  _id: string;
  org_id: string;
}

/** Wakes the workflows of unhealthy endpoints. The signal carries no work: what is due is in MongoDB. */
export interface EndpointSignaler {
  /** Starts the workflow, or wakes the one that runs. Never throws. @returns false when Temporal did not accept the call */
  wake(endpoint: EndpointWakeTarget): Promise<boolean>;
}

/** Wakes the workflows of unhealthy endpoints, starting those that don't run. */
export function createEndpointSignaler({
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
}): EndpointSignaler {
  return {
    wake: (target) =>
      trySend(
        { client, timeoutMs: timings.temporal.callTimeoutMs },
        () =>
          client.workflow.signalWithStart<EndpointWorkflow, [Wake?]>('endpoint', {
            ...endpointStart(target, treatment, timings),
            workflowIdConflictPolicy: 'USE_EXISTING',
            taskQueue,
            signal: wakeSignal,
            signalArgs: [{}],
          }),
        (err) =>
          logger.warn(
            { err, org: target.org_id, endpoint: target._id },
            'Temporal did not accept a wake-up; the dispatcher repeats it',
          ),
      ),
  };
}
