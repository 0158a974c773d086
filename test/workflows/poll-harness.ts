import { WorkflowIdConflictPolicy } from '@temporalio/client';
import { defaultTimings } from '../../src/config/timings.js';
import { pollStart, type PolledTracker } from '../../workflows/contracts/workflow-starts.js';
import type { poll } from '../../workflows/poll/workflow.js';
import { openWorkers, underTest } from './workers.js';
import type { PollResult } from '../../workflows/contracts/poll.js';

export const nothingFound: PollResult = {
  at: Date.UTC(2026, 0, 1, 12, 30),
  changed: 0,
  comments: 0,
  statuses: 0,
  more: false,
  failed: null,
};

/** The built workflow on a real server. @param pollTracker each try of the activity */
export async function openPollWorkflows(pollTracker: (request: { name: string }) => Promise<PollResult>) {
  const { client, taskQueue, close } = await openWorkers({ pollTracker });
  const suffix = taskQueue.replace(/^lifecycles/, '');
  return {
    client,
    taskQueue,
    suffix,
    /** As its Schedule would. */
    start: async (polled: PolledTracker) => {
      const { workflowId } = await client.workflow.start<typeof poll>('poll', {
        ...pollStart(polled, suffix, defaultTimings),
        taskQueue,
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
      });
      return underTest(client, workflowId, {});
    },
    close,
  };
}
