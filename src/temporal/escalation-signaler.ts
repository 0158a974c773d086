import type { Client } from '@temporalio/client';
import { wakeSignal, type Wake } from '../../workflows/contracts/messages.js';
import type { Timings } from '../config/index.js';
import type { Logger } from '../observability/logger.js';
import { trySend } from './try-send.js';
import { escalationStart } from '../../workflows/contracts/workflow-starts.js';
import type { EscalationWorkflow } from '../../workflows/contracts/escalation.js';

/** What starting an escalation's workflow, or waking the one that runs, needs of the escalation. */
export interface EscalationWakeTarget {
  _id: string;
  org_id: string;
  severity: string;
  status: string;
}

/** Wakes escalation workflows. The signal carries no work: what is due is in MongoDB. */
export interface EscalationSignaler {
  /** Starts the workflow, or wakes the one that runs. Never throws. @returns false when Temporal did not accept the call */
  wake(escalation: EscalationWakeTarget): Promise<boolean>;
}

/** Wakes escalation workflows, starting those that don't run. */
export function createEscalationSignaler({
  client,
  taskQueue,
  logger,
  timings,
}: {
  client: Client;
  taskQueue: string;
  logger: Logger;
  timings: Pick<Timings, 'activities' | 'temporal' | 'tickets'>;
}): EscalationSignaler & { settled(): Promise<void> } {
  const wakes = new Set<Promise<boolean>>();

  const wake: EscalationSignaler['wake'] = (target) =>
    trySend(
      { client, timeoutMs: timings.temporal.callTimeoutMs },
      () =>
        client.workflow.signalWithStart<EscalationWorkflow, [Wake?]>('escalation', {
          ...escalationStart(target, timings),
          workflowIdConflictPolicy: 'USE_EXISTING',
          taskQueue,
          signal: wakeSignal,
          signalArgs: [{}],
        }),
      (err) =>
        logger.warn(
          { err, org: target.org_id, escalation: target._id },
          'Temporal did not accept a wake-up; the dispatcher repeats it',
        ),
    );

  return {
    wake(target) {
      const waking = wake(target).finally(() => wakes.delete(waking));
      wakes.add(waking);
      return waking;
    },
    /** Waits for the wake-ups in flight, so that a shutdown loses none. */
    async settled() {
      await Promise.all(wakes);
    },
  };
}
