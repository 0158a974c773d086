import type { Client } from '@temporalio/client';
import { wakeSignal, type Wake } from '../../workflows/contracts/messages.js';
import type { WorkflowStart } from '../../workflows/contracts/workflow-starts.js';
import type { Timings } from '../config/index.js';
import type { Logger } from '../observability/logger.js';
import { trySend } from './try-send.js';

/** What starting workflows, and waking those that run, takes. */
export interface SignalerDeps {
  client: Client;
  taskQueue: string;
  logger: Logger;
  timings: Pick<Timings, 'temporal'>;
}

/**
 * Starts a workflow, or wakes the one that runs. Never throws.
 * @param subject the ids of what the workflow is for, for the log
 * @param wake what the signal says
 * @returns false when Temporal did not accept the call
 */
export const wakeWorkflow = <Input>(
  { client, taskQueue, logger, timings }: SignalerDeps,
  workflowType: string,
  start: WorkflowStart<Input>,
  subject: Record<string, string>,
  wake: Wake = {},
): Promise<boolean> =>
  trySend(
    { client, timeoutMs: timings.temporal.callTimeoutMs },
    () =>
      client.workflow.signalWithStart<(input: Input) => Promise<void>, [Wake?]>(workflowType, {
        ...start,
        workflowIdConflictPolicy: 'USE_EXISTING',
        taskQueue,
        signal: wakeSignal,
        signalArgs: [wake],
      }),
    (err) => logger.warn({ err, ...subject }, 'Temporal did not accept a wake-up; the dispatcher repeats it'),
  );
