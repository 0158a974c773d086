import { CancellationScope, proxyActivities, workflowInfo } from '@temporalio/workflow';
import { providersQueueOf } from '../contracts/task-queues.js';
import { defaultHeartbeatTimeoutMs } from '../contracts/heartbeat.js';
import { describeDrain } from './details.js';
import type {
  EscalationActivities,
  EscalationDrain,
  EscalationInput,
  EscalationState,
} from '../contracts/escalation.js';

/**
 * Lets one activity do what follows from everything that has happened. It needs MongoDB only, and is tried without an end.
 * @param long resolves when the history has grown too long; without it the wake-ups of a long outage would make it too long
 * @returns `long` when that came first: the activity is called back, and does no harm if it goes on
 */
export async function drain(
  { escalationId, heartbeatTimeoutMs: heartbeatTimeout = defaultHeartbeatTimeoutMs }: EscalationInput,
  shown: EscalationState | undefined,
  long: Promise<'long'>,
): Promise<EscalationDrain | 'long'> {
  const { drainEscalation } = proxyActivities<EscalationActivities>({
    taskQueue: providersQueueOf(workflowInfo().taskQueue),
    // A few reads and writes of MongoDB for each entry.
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
