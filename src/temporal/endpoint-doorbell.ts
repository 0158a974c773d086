import type { Client } from '@temporalio/client';
import type { endpoint, EndpointTimings } from '../../workflows/endpoint/workflow.js';
import { ringSignal, type Ring } from '../../workflows/messages.js';
import type { Logger } from '../observability/logger.js';
import type { EndpointDoorbell } from '../webhooks/health/doorbell.js';
import { endpointStart } from './workflow-starts.js';

/** A ring is a small call: a server that takes longer is as good as down, and the dispatcher rings again. */
const deadlineMs = 5_000;

/** Rings the workflows of sick endpoints, starting them when they do not run. @param timings others than usual, for tests */
export function createEndpointDoorbell({
  client,
  taskQueue,
  logger,
  timings,
}: {
  client: Client;
  taskQueue: string;
  logger: Logger;
  timings?: EndpointTimings;
}): EndpointDoorbell {
  return {
    async ring(target) {
      try {
        await client.withDeadline(Date.now() + deadlineMs, () =>
          client.workflow.signalWithStart<typeof endpoint, [Ring?]>('endpoint', {
            ...endpointStart(target, timings),
            workflowIdConflictPolicy: 'USE_EXISTING',
            taskQueue,
            signal: ringSignal,
            signalArgs: [{}],
          }),
        );
        return true;
      } catch (error) {
        logger.warn(
          { err: error, org: target.org_id, endpoint: target._id },
          'Temporal did not take a ring; the dispatcher rings again',
        );
        return false;
      }
    },
  };
}
