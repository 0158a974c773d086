import { ProviderError } from '../lib/provider-errors.js';
import type { Notification } from './notification.js';

export const channelTypes = ['webhook', 'slack', 'teams', 'pagerduty'] as const;
export type ChannelType = (typeof channelTypes)[number];

/** What senders reach out with. The guarded client fits; it has the deadline, and decides which addresses may be dialled. */
export interface NotificationHttp {
  /**
   * @returns the answer, whatever its status, its body decompressed and capped; redirects are answers too
   * @throws an error with the `code` of a GuardedRequestError; any other counts as a connection that failed
   */
  request(request: {
    url: URL;
    method: 'POST';
    headers: Record<string, string>;
    body: Buffer;
    signal: AbortSignal;
  }): Promise<NotificationAnswer>;
}

export interface NotificationAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** Why a channel did not take a notification: a code, and our own words. Never a URL, a key, or what the service wrote. */
export class NotificationError extends ProviderError {
  constructor(
    code: string,
    message: string,
    retryable: boolean,
    retryAfterMs: number | null = null,
    /** The status of the answer; null without one. */
    readonly status: number | null = null,
  ) {
    super(code, message, retryable, retryAfterMs);
    this.name = 'NotificationError';
  }
}

export interface NotificationChannel {
  readonly type: ChannelType;
  /**
   * Tells one channel. May be called again with the same notification: PagerDuty and the webhook's receivers know it by
   * its key, Slack and Teams show it twice.
   * @returns the status of the answer
   * @throws NotificationError and nothing else
   */
  send(notification: Notification, options: { signal: AbortSignal }): Promise<{ status: number }>;
}
