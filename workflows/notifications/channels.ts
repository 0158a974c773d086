import {
  ActivityCancellationType,
  CancellationScope,
  condition,
  log,
  proxyActivities,
  workflowInfo,
  type ActivityOptions,
} from '@temporalio/workflow';
import { providersQueueOf } from '../contracts/task-queues.js';
import { defaultHeartbeatTimeoutMs, type HeartbeatInput } from '../contracts/heartbeat.js';
import type { NotificationActivities, ChannelDue } from '../contracts/notifications.js';

const options: ActivityOptions = {
  // A channel's answer takes seconds; what is due for one subject is a handful. What was sent stays sent.
  startToCloseTimeout: '5 minutes',
  // What may heal is tried without an end; the activity itself names the delay, and gives up what is a day old.
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' },
  // A call that is on its way is waited for, so that its answer is on record before anything else happens.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
};

export interface ChannelDrains {
  /**
   * Tells these channels, side by side. One that is being told already is looked at once more afterwards: what was made
   * due meanwhile may have come too late for the try that is under way.
   */
  start(due: readonly ChannelDue[]): void;
  /** Whether no channel is being told. */
  isIdle(): boolean;
  /** How many channels are being told. */
  running(): number;
  /**
   * Calls all of them back, and waits for what is on its way; nothing is started from then on. What was not told stays
   * in the outbox: before a new run.
   */
  cancelAll(): Promise<void>;
}

export interface ChannelDrainsOptions extends HeartbeatInput {
  orgId: string;
  subjectId: string;
  /** Called when a channel has been told, or was given up. */
  onNotified?: () => void;
}

/** Tells the channels of one subject: an activity each, so that none that fails holds up another, or the workflow. */
export function createChannelDrains({
  orgId,
  subjectId,
  onNotified,
  heartbeatTimeoutMs: heartbeatTimeout = defaultHeartbeatTimeoutMs,
}: ChannelDrainsOptions): ChannelDrains {
  const taskQueue = providersQueueOf(workflowInfo().taskQueue);
  const scope = new CancellationScope();
  /** The channels that are being told, and whether each is to be looked at once more. */
  const again = new Map<string, boolean>();

  async function notify({ channelId, channelType }: ChannelDue): Promise<void> {
    const summary = `${channelType} ${channelId}: tell it`;
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
        // Its failure stands in the history. Nothing else is to suffer from it.
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
