import { createHmac, timingSafeEqual } from 'node:crypto';
import { signedHeaders, signingKey } from '../../lib/signing.js';
import type { Cipher } from '../../lib/encryption.js';
import type { EndpointDoc } from '../endpoints/model.js';
import { openTarget } from '../pump/target.js';
import type { DeliveryDoc } from './model.js';
import type { MessageOfDelivery } from './payload.js';

/** What goes to the receiver. Headers are not stored: these are computed as they are sent, for the time that was asked for. */
export interface SentRequest {
  url: string;
  /** In the order in which they are sent; null: of the org's own, which are write-only. */
  headers: { name: string; value: string | null }[];
  /** As it goes over the wire. */
  body: string;
  id: string;
  /** Seconds since 1970. */
  timestamp: string;
  /** Whether it verifies with the newest secret; null when the key that sealed that is missing. */
  verifies: boolean | null;
}

/** @returns null when its event is past retention */
export type SentRequestOf = (
  endpoint: EndpointDoc,
  delivery: Pick<DeliveryDoc, '_id' | 'event_id' | 'trigger'>,
  at: Date,
) => Promise<SentRequest | null>;

export function createSentRequestOf({
  cipher,
  messageOfDelivery,
}: {
  cipher: Pick<Cipher, 'decrypt'>;
  messageOfDelivery: MessageOfDelivery;
}): SentRequestOf {
  return async (endpoint, delivery, at) => {
    const message = await messageOfDelivery(delivery);
    if (!message) return null;
    const { url, opened } = openTarget(endpoint, cipher, at);
    const { id, type: event, body } = message;
    const secrets = opened?.secrets ?? [];
    const signed = signedHeaders({ id, at, body, event, secrets });
    const own = new Set(endpoint.headers.map(({ name }) => name));
    const given = Object.entries(opened?.headers ?? {});
    const timestamp = signed['webhook-timestamp'] ?? '';
    return {
      url,
      headers: [
        ...given.map(([name, value]) => ({ name, value: own.has(name) ? null : value })),
        { name: 'content-type', value: 'application/json' },
        { name: 'x-keeptrusts-delivery', value: delivery._id },
        ...Object.entries(signed).map(([name, value]) => ({ name, value })),
      ],
      body: body.toString('utf8'),
      id,
      timestamp,
      verifies:
        secrets[0] === undefined
          ? null
          : verifies({ id, timestamp, body, signatures: signed['webhook-signature'] ?? '' }, secrets[0]),
    };
  };
}

/** As receivers do it (Standard Webhooks): one of the signatures is that of `id.timestamp.body`. */
function verifies(
  { id, timestamp, body, signatures }: { id: string; timestamp: string; body: Buffer; signatures: string },
  secret: string,
): boolean {
  const expected = createHmac('sha256', signingKey(secret)).update(`${id}.${timestamp}.`).update(body).digest();
  return signatures
    .split(' ')
    .filter((signature) => signature.startsWith('v1,'))
    .map((signature) => Buffer.from(signature.slice(3), 'base64'))
    .some((given) => given.length === expected.length && timingSafeEqual(given, expected));
}
