import {
  ActivityCancellationType,
  CancellationScope,
  condition,
  log,
  proxyActivities,
  workflowInfo,
  type ActivityOptions,
} from '@temporalio/workflow';
import { urgentQueueOf } from '../contracts/task-queues.js';
import { defaultHeartbeatTimeoutMs, type HeartbeatInput } from '../contracts/heartbeat.js';
import type { NotificationActivities, ChannelDue } from '../contracts/notifications.js';

const options: ActivityOptions = {
  // A channel answers within seconds, and one subject has a handful of notifications. A message that was sent stays
  // sent.
  startToCloseTimeout: '5 minutes',
  // Transient errors are retried indefinitely. The activity names the delay, and gives up a notification that is a day
  // old.
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' },
  // A call in flight is awaited, so that its result is recorded before anything else happens.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
};

export interface ChannelDrains {
  /**
   * Notifies these channels concurrently. A channel that is already being notified is drained once more afterwards,
   * because a notification that became due in the meantime may be too late for the current attempt.
   */
  start(due: readonly ChannelDue[]): void;
  /** Whether no channel is being notified. */
  isIdle(): boolean;
  /** How many channels are being notified. */
  running(): number;
  /**
   * Cancels all channels and waits for calls in flight. Nothing new starts afterwards. Unsent notifications stay in the
   * outbox for the next run.
   */
  cancelAll(): Promise<void>;
}

export interface ChannelDrainsOptions extends HeartbeatInput {
  orgId: string;
  subjectId: string;
  /** Called when a channel has been notified or given up. */
  onNotified?: () => void;
}

/**
 * Notifies the channels of one subject with one activity each, so that a failing channel delays neither the others nor
 * the workflow.
 */
export function createChannelDrains({
  orgId,
  subjectId,
  onNotified,
  heartbeatTimeoutMs: heartbeatTimeout = defaultHeartbeatTimeoutMs,
}: ChannelDrainsOptions): ChannelDrains {
  const taskQueue = urgentQueueOf(workflowInfo().taskQueue);
  const scope = new CancellationScope();
  /** The channels that are being notified, and whether each must be drained once more. */
  const again = new Map<string, boolean>();

  async function notify({ channelId, channelType }: ChannelDue): Promise<void> {
    const summary = `notify ${channelType} ${channelId}`;
    const { notifyChannel } = proxyActivities<NotificationActivities>({
      ...options,
      heartbeatTimeout,
      taskQueue,
      summary,
    });
    do {
      again.set(channelId, false);
      try {
        await notifyChannel({ orgId, subjectId, channelId });
      } catch {
        // The history has the failure. It must not affect anything else.
        if (!scope.consideredCancelled) log.warn('A channel was given up', { channelId, channelType });
      }
    } while (again.get(channelId) === true && !scope.consideredCancelled);
    again.delete(channelId);
    onNotified?.();
  }

  return {
    start(due) {
      if (scope.consideredCancelled) return;
      for (const channel of due) {
        if (again.has(channel.channelId)) again.set(channel.channelId, true);
        else void scope.run(() => notify(channel));
      }
    },
    isIdle: () => again.size === 0,
    running: () => again.size,
    async cancelAll() {
      scope.cancel();
      await condition(() => again.size === 0);
    },
  };
}
