import { createPagerDutyChannel } from './pagerduty/channel.js';
import type { NotificationChannel, NotificationHttp } from './port.js';
import { createSlackChannel } from './slack/channel.js';
import { createTeamsChannel } from './teams/channel.js';
import { createWebhookChannel } from './webhook/channel.js';

/** What a channel is reached with, in clear. */
export type ChannelSettings =
  | { type: 'slack' | 'teams'; url: string }
  | { type: 'pagerduty'; routingKey: string }
  | { type: 'webhook'; id: string; url: string; secret: string | null };

export interface ChannelOptions {
  http: NotificationHttp;
  /** For tests; nobody else has another. */
  pagerDutyEndpoint?: string;
}

/** @throws TypeError when the URL is none */
export function createNotificationChannel(
  settings: ChannelSettings,
  { http, pagerDutyEndpoint }: ChannelOptions,
): NotificationChannel {
  switch (settings.type) {
    case 'slack':
      return createSlackChannel({ url: settings.url, http });
    case 'teams':
      return createTeamsChannel({ url: settings.url, http });
    case 'pagerduty': {
      const { routingKey } = settings;
      return createPagerDutyChannel({ routingKey, http, ...(pagerDutyEndpoint && { endpoint: pagerDutyEndpoint }) });
    }
    case 'webhook':
      return createWebhookChannel({ id: settings.id, url: settings.url, secret: settings.secret, http });
  }
}
