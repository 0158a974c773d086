import type { ChannelSettings } from '../index.js';
import { NotificationError, type ChannelType } from '../port.js';
import { EncryptionError, type Cipher, type EncryptedPart } from '../../lib/encryption.js';
import type { ApprovalsDoc, ChannelDoc } from './model.js';

export type SecretField = 'url' | 'routing_key' | 'secret';

/** The write-only fields of each type; the first is what a channel cannot be without. */
export const secretFields = {
  webhook: ['url', 'secret'],
  slack: ['url'],
  teams: ['url'],
  pagerduty: ['routing_key'],
} as const satisfies Record<ChannelType, readonly [SecretField, ...SecretField[]]>;

/** Each opens in its own field of its own channel and org, and nowhere else. */
const placeOf = (org: string, record: string, field: SecretField) => ({ org, record, field });

export const encryptField = (cipher: Cipher, orgId: string, channelId: string, field: SecretField, text: string) =>
  cipher.encrypt(text, placeOf(orgId, channelId, field));

/** All that is sealed in an org's channels. */
export function encryptedIn({ _id: orgId, channels }: Pick<ApprovalsDoc, '_id' | 'channels'>): EncryptedPart[] {
  return channels.flatMap((channel, index) =>
    secretFields[channel.type].flatMap((field): EncryptedPart[] => {
      const encrypted = channel[field];
      const path = `channels.${index}.${field}`;
      return encrypted === null ? [] : [{ path, encrypted, place: placeOf(orgId, channel.id, field) }];
    }),
  );
}

/** Whether this is what is stored. What does not open any more counts as something else. */
export function isStored(cipher: Cipher, orgId: string, stored: ChannelDoc, field: SecretField, text: string): boolean {
  try {
    return open(cipher, orgId, stored, field) === text;
  } catch (error) {
    if (error instanceof EncryptionError) return false;
    throw error;
  }
}

/**
 * A channel as it can be called.
 * @throws NotificationError `secret_unreadable`, retryable: the key that sealed it may come back
 */
export function openChannel(cipher: Cipher, orgId: string, channel: ChannelDoc): ChannelSettings {
  const { id, type } = channel;
  const opened = (field: SecretField) => open(cipher, orgId, channel, field);
  try {
    if (type === 'pagerduty') return { type, routingKey: opened('routing_key') ?? '' };
    const url = opened('url') ?? '';
    return type === 'webhook' ? { type, id, url, secret: opened('secret') } : { type, url };
  } catch (error) {
    if (!(error instanceof EncryptionError)) throw error;
    const message = "The channel's secrets cannot be opened: is a key missing from ENCRYPTION_KEYS_OLD?";
    throw new NotificationError('secret_unreadable', message, true);
  }
}

function open(cipher: Cipher, orgId: string, channel: ChannelDoc, field: SecretField): string | null {
  const encrypted = channel[field];
  return encrypted === null ? null : cipher.decrypt(encrypted, placeOf(orgId, channel.id, field));
}
