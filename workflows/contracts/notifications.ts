import type { HeartbeatInput } from './heartbeat.js';

/** The input of the `notice` workflow. It is part of the history, so it carries ids and durations only. */
export interface BudgetAlertInput extends HeartbeatInput {
  orgId: string;
  eventId: string;
}

export type BudgetAlertWorkflow = (input: BudgetAlertInput) => Promise<void>;

/** A channel with pending notifications. It is part of the history, so it carries ids and types only. */
export interface ChannelDue {
  channelId: string;
  channelType: string;
}

/** A channel, and the escalation or event that its notifications are about. */
export interface Recipient {
  orgId: string;
  subjectId: string;
  channelId: string;
}

/** How many notifications of a channel one activity sent, failed to send, or found deleted. */
export interface NotifyResult {
  sent: number;
  failed: number;
  gone: number;
}

/** Activities that send notifications. Texts and addresses stay in MongoDB. */
export interface NotificationActivities {
  /**
   * Sends one channel its pending notifications about one subject, in order.
   * @throws ChannelUnavailable (retried), StoreUnavailable (retried)
   */
  notifyChannel: (recipient: Recipient) => Promise<NotifyResult>;
  /**
   * Makes the notifications of a budget event due.
   * @throws EventNotFound (final), StoreUnavailable (retried)
   */
  prepareNotice: (event: { orgId: string; eventId: string }) => Promise<ChannelDue[]>;
}
