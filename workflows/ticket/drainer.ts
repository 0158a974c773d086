import {
  ActivityCancellationType,
  CancellationScope,
  condition,
  proxyActivities,
  workflowInfo,
  type ActivityOptions,
} from '@temporalio/workflow';
import { providersQueueOf } from '../contracts/task-queues.js';
import { defaultHeartbeatTimeoutMs, type HeartbeatInput } from '../contracts/heartbeat.js';
import type { DrainResult, TicketActivities } from '../contracts/ticket.js';

const options: ActivityOptions = {
  // A drain ends after a minute; a single call of a tracker may outlast that by its own timeout.
  startToCloseTimeout: '3 minutes',
  // Transient errors are retried indefinitely. The activity names the delay when a tracker is the cause.
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' },
  // A call in flight is awaited, so that its result is recorded before anything else happens.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
};

/** Runs one drain at a time. A drain can be interrupted while it waits for its next retry. */
export function createDrainer({
  linkId,
  heartbeatTimeoutMs: heartbeatTimeout = defaultHeartbeatTimeoutMs,
}: { linkId: string } & HeartbeatInput) {
  const taskQueue = providersQueueOf(workflowInfo().taskQueue);
  let scope: CancellationScope | undefined;

  return {
    /**
     * @param summary the activity's summary in the timeline
     * @returns `interrupted` when the drain was cancelled: drain again; `long` when the history grew too long during an
     * outage of the tracker: continue as new
     */
    async drain(summary: string): Promise<DrainResult | 'interrupted' | 'long'> {
      const { drainTicket } = proxyActivities<TicketActivities>({ ...options, heartbeatTimeout, taskQueue, summary });
      const workflow = CancellationScope.current();
      const own = new CancellationScope();
      scope = own;
      const state = { isDone: false };
      const drained = own
        .run(() => drainTicket({ linkId }))
        .catch((error: unknown) => {
          // The drain was interrupted, and not by an operator's cancellation. Whatever the outcome of that attempt,
          // drain again.
          if (own.consideredCancelled && !workflow.consideredCancelled) return 'interrupted' as const;
          throw error;
        })
        .finally(() => {
          state.isDone = true;
        });
      await condition(() => state.isDone || workflowInfo().continueAsNewSuggested);
      if (!state.isDone) own.cancel();
      const result = await drained;
      scope = undefined;
      return result === 'interrupted' && workflowInfo().continueAsNewSuggested ? 'long' : result;
    },

    interrupt(): void {
      scope?.cancel();
    },
  };
}
