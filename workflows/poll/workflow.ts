import { proxyActivities, setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { pollAttributes } from '../contracts/search-attributes.js';
import { urgentQueueOf } from '../contracts/task-queues.js';
import { defaultHeartbeatTimeoutMs } from '../contracts/heartbeat.js';
import { describeAsk, describePoll } from './details.js';
import type { PollActivities, PollInput, PollResult } from '../contracts/poll.js';

/**
 * Asks a tracker once for changes that no webhook reported. MongoDB holds the progress, and a Schedule starts each
 * poll.
 */
export async function poll(input: PollInput): Promise<PollResult> {
  setCurrentDetails(describePoll(input, undefined));
  const { pollTracker } = proxyActivities<PollActivities>({
    taskQueue: urgentQueueOf(workflowInfo().taskQueue),
    // A poll stops after a minute; a single call of a tracker may outlast that by its own timeout.
    startToCloseTimeout: '3 minutes',
    heartbeatTimeout: input.heartbeatTimeoutMs ?? defaultHeartbeatTimeoutMs,
    // Retries cover MongoDB and lost workers. They are limited, because the Schedule starts no other poll while this
    // one runs.
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds', maximumAttempts: 10 },
    summary: describeAsk(input),
  });
  const result = await pollTracker({ name: input.name });
  upsertSearchAttributes(pollAttributes(result));
  setCurrentDetails(describePoll(input, result));
  return result;
}
