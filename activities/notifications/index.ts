import { Context } from '@temporalio/activity';
import { asFailure, channelNotYet } from '../failures.js';
import { heartbeating } from '../heartbeat.js';
import { stopSignal } from '../stop-signal.js';
import type { NotificationActivityDeps } from './context.js';
import { deliverAll } from './deliver.js';
import { prepareBudgetAlert } from './budget-alert.js';
import type {
  ChannelDue,
  Recipient,
  NotifyResult,
  NotificationActivities,
} from '../../workflows/contracts/notifications.js';

/** To one channel, for as many subjects, of the 200 slots of a worker's urgent queue. */
const maxSendsAtOnce = 20;
const busyMs = 1_000;

/** The activities that send notifications. They take and return ids; texts and addresses stay in MongoDB. */
export function createNotificationActivities(deps: NotificationActivityDeps): NotificationActivities {
  const { heartbeatEveryMs, storeRetryMs } = deps.timings.activities;
  const underWay = new Map<string, number>();

  /** Converts errors to our failures, and logs the unexpected ones. */
  async function guarded<T>(ids: Record<string, string>, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const failure = asFailure(error, storeRetryMs);
      const { attempt } = Context.current().info;
      if (failure !== error) deps.logger.error({ err: error, ...ids, attempt }, failure.message);
      throw failure;
    }
  }

  return {
    async notifyChannel(recipient: Recipient): Promise<NotifyResult> {
      // A chat that hangs must not take the slots of all others.
      const sending = underWay.get(recipient.channelId) ?? 0;
      if (sending >= maxSendsAtOnce) throw channelNotYet(Math.ceil(busyMs * (1 + Math.random())));
      underWay.set(recipient.channelId, sending + 1);
      try {
        return await notify(recipient);
      } finally {
        const left = (underWay.get(recipient.channelId) ?? 1) - 1;
        if (left > 0) underWay.set(recipient.channelId, left);
        else underWay.delete(recipient.channelId);
      }
    },

    async prepareNotice(event: { orgId: string; eventId: string }): Promise<ChannelDue[]> {
      return guarded({ org: event.orgId, event: event.eventId }, () => prepareBudgetAlert(deps, event));
    },
  };

  function notify(recipient: Recipient): Promise<NotifyResult> {
    const context = Context.current();
    const isCalledBack = () => context.cancellationDetails?.cancelRequested === true;
    const run = { ...deps, signal: stopSignal(context), isCalledBack };
    const { orgId: org, subjectId: subject, channelId: channel } = recipient;
    return guarded({ org, subject, channel }, () => heartbeating(heartbeatEveryMs, () => deliverAll(run, recipient)));
  }
}
