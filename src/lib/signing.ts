import { createHmac } from 'node:crypto';
import { signBody } from './signature.js';

export interface MessageToSign {
  /** `webhook-id`: the same on every try. Without a full stop, which is what joins the signed parts. */
  id: string;
  /** The time of this try. */
  at: Date;
  /** The bytes as they go over the wire. */
  body: Buffer;
  /** The type, for `X-Keeptrusts-Event`. */
  event: string;
  /** The newest first; a second one during a rotation's overlap. None: the message goes unsigned. */
  secrets: readonly string[];
}

/**
 * The headers of a signed message (API.md, "Webhooks: Sent"): Standard Webhooks 1.0, with one signature a secret, and
 * `X-Keeptrusts-Signature` over the body alone with the newest secret, `-Previous` with the older.
 */
export function signedHeaders({ id, at, body, event, secrets }: MessageToSign): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const [newest, previous] = secrets;
  const signatures = secrets.map((secret) => standardSignature({ id, timestamp, body }, secret));
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'x-keeptrusts-event': event,
    ...(newest !== undefined && {
      'webhook-signature': signatures.join(' '),
      'x-keeptrusts-signature': signBody(body, newest),
    }),
    ...(previous !== undefined && { 'x-keeptrusts-signature-previous': signBody(body, previous) }),
  };
}

/** `v1,` and the HMAC-SHA256 of `id.timestamp.body` in base64. */
function standardSignature({ id, timestamp, body }: { id: string; timestamp: string; body: Buffer }, secret: string) {
  return `v1,${createHmac('sha256', signingKey(secret)).update(`${id}.${timestamp}.`).update(body).digest('base64')}`;
}

/**
 * The key of a Standard Webhooks signature: what `whsec_` stands before, from base64. A secret of another form counts as
 * its UTF-8 bytes, which verifiers take with `new Webhook(secret, { format: 'raw' })`.
 */
export function signingKey(secret: string): Buffer {
  const base64 = /^whsec_((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?)$/.exec(secret)?.[1];
  return base64 ? Buffer.from(base64, 'base64') : Buffer.from(secret, 'utf8');
}
