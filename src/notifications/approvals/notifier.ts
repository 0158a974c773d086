import { createNotificationChannel, type ChannelOptions } from '../index.js';
import type { NotificationAnswer, NotificationHttp } from '../port.js';
import type { Moment, Notification } from '../notification.js';
import type { Cipher } from '../../lib/encryption.js';
import type { Severity } from '../../lib/severity.js';
import { channelsFor } from './channels-for.js';
import type { ChannelDoc } from './model.js';
import { openChannel } from './secrets.js';
import type { ApprovalStore } from './store.js';

export type ChannelRef = Pick<ChannelDoc, 'id' | 'type'>;

/** What the workflows' activities tell people with. */
export interface Notifier {
  /** The org's channels that want to hear of this. @param severity null for a budget event */
  channels: (orgId: string, about: { moment: Moment; severity: Severity | null }) => Promise<ChannelRef[]>;
  /**
   * Tells one channel; it may be called again with the same notification.
   * @returns `gone` when the channel was removed or disabled since
   * @throws NotificationError
   */
  send: (
    orgId: string,
    channelId: string,
    notification: Notification,
    options: { signal: AbortSignal },
  ) => Promise<'sent' | 'gone'>;
}

/** The way out for all orgs. */
interface OrgsHttp {
  request(request: Parameters<NotificationHttp['request']>[0] & { org: string }): Promise<NotificationAnswer>;
}

export interface NotifierOptions extends Omit<ChannelOptions, 'http'> {
  http: OrgsHttp;
  store: ApprovalStore;
  cipher: Cipher;
}

export function createNotifier({ store, ...options }: NotifierOptions): Notifier {
  const sendTo = createSendTo(options);
  return {
    async channels(orgId, about) {
      const { channels } = await store.find(orgId);
      return channelsFor(channels, about).map(({ id, type }) => ({ id, type }));
    },
    async send(orgId, channelId, notification, { signal }) {
      const channel = await store.channel(orgId, channelId);
      if (!channel?.enabled) return 'gone';
      await sendTo(channel, { ...notification, orgId }, signal);
      return 'sent';
    },
  };
}

/** Opens a channel's secrets for as long as one call takes. */
export function createSendTo({ cipher, http: shared, ...options }: Omit<NotifierOptions, 'store'>) {
  return (channel: ChannelDoc, notification: Notification, signal: AbortSignal): Promise<{ status: number }> => {
    const { orgId } = notification;
    const settings = openChannel(cipher, orgId, channel);
    const http: NotificationHttp = { request: (request) => shared.request({ ...request, org: orgId }) };
    return createNotificationChannel(settings, { ...options, http }).send(notification, { signal });
  };
}
