import { NotificationError } from '../port.js';
import { parseUrl } from '../../lib/parse-url.js';
import type { Cipher } from '../../lib/encryption.js';
import type { ChannelDoc } from './model.js';
import { openChannel } from './secrets.js';

/** The host that a channel's calls go to; null when its secrets do not open. The rest of its URL is one of them. */
export type HostOf = (orgId: string, channel: ChannelDoc) => string | null;

interface Dependencies {
  cipher: Cipher;
  /** PagerDuty's own when it is left out. */
  pagerDutyEndpoint?: string | undefined;
}

export const createHostOf =
  ({ cipher, pagerDutyEndpoint = 'https://events.pagerduty.com' }: Dependencies): HostOf =>
  (orgId, channel) => {
    try {
      const settings = openChannel(cipher, orgId, channel);
      const url = settings.type === 'pagerduty' ? pagerDutyEndpoint : settings.url;
      return parseUrl(url)?.host ?? null;
    } catch (error) {
      if (error instanceof NotificationError) return null;
      throw error;
    }
  };
