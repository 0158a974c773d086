import { proxyActivities, setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { pollAttributes } from '../contracts/search-attributes.js';
import { providersQueueOf } from '../contracts/task-queues.js';
import { defaultHeartbeatTimeoutMs } from '../contracts/heartbeat.js';
import { describeAsk, describePoll } from './details.js';
import type { PollActivities, PollInput, PollResult } from '../contracts/poll.js';

/** One look at a tracker for what no webhook brought. How far it got is in MongoDB; a Schedule starts it again and again. */
export async function poll(input: PollInput): Promise<PollResult> {
  setCurrentDetails(describePoll(input, undefined));
  const { pollTracker } = proxyActivities<PollActivities>({
    taskQueue: providersQueueOf(workflowInfo().taskQueue),
    // A poll stops after a minute; one call of a tracker may outlast that by its own deadline.
    startToCloseTimeout: '3 minutes',
    heartbeatTimeout: input.heartbeatTimeoutMs ?? defaultHeartbeatTimeoutMs,
    // For MongoDB and lost workers. Not without an end: while this run lasts the Schedule starts no other.
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds', maximumAttempts: 10 },
    summary: describeAsk(input),
  });
  const result = await pollTracker({ name: input.name });
  upsertSearchAttributes(pollAttributes(result));
  setCurrentDetails(describePoll(input, result));
  return result;
}
