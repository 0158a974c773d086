import type { NotificationAnswer, NotificationChannel, NotificationHttp } from '../port.js';
import { jsonBytes, postJson } from '../post.js';
import { formatPagerDuty, type PagerDutyEvent } from './format.js';

export interface PagerDutySettings {
  routingKey: string;
  http: NotificationHttp;
  /** For tests; nobody else has another. */
  endpoint?: string;
}

/** An integration of PagerDuty's Events API v2. A test call leaves nothing open: it is resolved at once. */
export function createPagerDutyChannel({
  routingKey,
  http,
  endpoint = 'https://events.pagerduty.com/v2/enqueue',
}: PagerDutySettings): NotificationChannel {
  const url = new URL(endpoint);
  const post = (event: PagerDutyEvent, signal: AbortSignal) =>
    postJson({
      http,
      service: 'PagerDuty',
      url,
      body: jsonBytes({ routing_key: routingKey, ...event }),
      signal,
      hint,
    });
  return {
    type: 'pagerduty',
    async send(notification, { signal }) {
      const answer = await post(formatPagerDuty(notification), signal);
      if (notification.moment === 'test') await post(formatPagerDuty(notification, 'resolve'), signal);
      return answer;
    },
  };
}

const hint = ({ status }: NotificationAnswer) =>
  status === 400 ? 'it takes the event for invalid; is the routing key that of an Events API v2 integration?' : null;
