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
  // A drain hands back after a minute; one call of a tracker may outlast that by its own deadline.
  startToCloseTimeout: '3 minutes',
  // What may heal is tried without an end; the activity itself names the delay when a tracker is the cause.
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' },
  // A call that is on its way is waited for, so that its answer is on record before anything else happens.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
};

/** One drain at a time, which can be called back from the wait before its next try. */
export function createDrainer({
  linkId,
  heartbeatTimeoutMs: heartbeatTimeout = defaultHeartbeatTimeoutMs,
}: { linkId: string } & HeartbeatInput) {
  const taskQueue = providersQueueOf(workflowInfo().taskQueue);
  let scope: CancellationScope | undefined;

  return {
    /**
     * @param summary what stands beside it in the timeline
     * @returns `interrupted` when it was called back: look again;
     * `long` when the history grew too long while the tracker was down: go on in a new run
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
          // Called back, and not by an operator who ends all: whatever became of that try, a failure say, look again.
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
