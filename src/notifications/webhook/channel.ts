import { signedHeaders } from '../../lib/signing.js';
import type { NotificationChannel, NotificationHttp } from '../port.js';
import { postJson } from '../post.js';
import { formatWebhook } from './format.js';

export interface WebhookChannelSettings {
  /** The channel's id. */
  id: string;
  url: string;
  /** Without one the calls go unsigned. */
  secret: string | null;
  http: NotificationHttp;
}

/** A receiver of signed JSON; any 2xx settles it. */
export function createWebhookChannel({ id, url, secret, http }: WebhookChannelSettings): NotificationChannel {
  const target = new URL(url);
  return {
    type: 'webhook',
    send: (notification, { signal }) => {
      const message = formatWebhook(notification, id);
      const secrets = secret === null ? [] : [secret];
      const headers = signedHeaders({ ...message, event: message.type, at: new Date(), secrets });
      return postJson({ http, service: 'The webhook', url: target, body: message.body, headers, signal });
    },
  };
}
