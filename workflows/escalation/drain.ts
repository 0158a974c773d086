import { CancellationScope, proxyActivities, workflowInfo } from '@temporalio/workflow';
import { urgentQueueOf } from '../contracts/task-queues.js';
import { defaultHeartbeatTimeoutMs } from '../contracts/heartbeat.js';
import { describeDrain } from './details.js';
import type {
  EscalationActivities,
  EscalationDrain,
  EscalationInput,
  EscalationState,
} from '../contracts/escalation.js';

/**
 * Runs one activity that processes everything that has happened. The activity needs MongoDB only, and is retried
 * indefinitely.
 * @param long resolves when the history has grown too long, which the wake-ups of a long outage could cause
 * @returns `long` when that came first: the activity is cancelled, and does no harm if it continues
 */
export async function drain(
  { escalationId, heartbeatTimeoutMs: heartbeatTimeout = defaultHeartbeatTimeoutMs }: EscalationInput,
  shown: EscalationState | undefined,
  long: Promise<'long'>,
): Promise<EscalationDrain | 'long'> {
  const { drainEscalation } = proxyActivities<EscalationActivities>({
    taskQueue: urgentQueueOf(workflowInfo().taskQueue),
    // The activity makes a few reads and writes of MongoDB per entry.
    startToCloseTimeout: '2 minutes',
    heartbeatTimeout,
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
    summary: describeDrain(shown),
  });
  const scope = new CancellationScope();
  const drained = scope.run(() => drainEscalation({ escalationId }));
  const found = await Promise.race([drained, long]);
  if (found === 'long') scope.cancel();
  return found;
}
