import { createHmac, timingSafeEqual } from 'node:crypto';
import { signingKey } from '../../lib/signing.js';
import { verifySignature } from '../../lib/signature.js';
import type { Message } from './message.js';

export interface Verdict {
  /** Null: there is no secret to verify with. */
  verified: boolean | null;
  /** Why not, each a sentence. */
  faults: string[];
  /** What else is worth knowing. */
  remarks: string[];
}

const toleranceSeconds = 300;

/**
 * Judges a message as a receiver should: the bytes as they came, both signatures, the time within five minutes.
 * @param secrets those that the receiver takes, the newest first; none verifies nothing
 */
export function verifyMessage(message: Message, secrets: readonly string[], now: Date): Verdict {
  if (secrets.length === 0) return { verified: null, faults: [], remarks: [] };
  const standard = verifyStandard(message, secrets);
  const own = verifyOwn(message, secrets);
  const faults = [...timestampFaults(message, now), ...standard.faults, ...own.faults];
  const remarks = [...new Set([...standard.remarks, ...own.remarks])];
  return { verified: faults.length === 0, faults, remarks };
}

interface Part {
  faults: string[];
  remarks: string[];
}

const olderSecret = 'A rotation is under way, and this receiver still has the older secret: give it the new one.';

function timestampFaults({ header }: Message, now: Date): string[] {
  const text = header('webhook-timestamp');
  if (text === undefined) return ['webhook-timestamp is not there.'];
  if (!/^\d{1,13}$/.test(text)) return ['webhook-timestamp is no number of seconds.'];
  const age = Math.floor(now.getTime() / 1000) - Number(text);
  if (Math.abs(age) <= toleranceSeconds) return [];
  if (text.length === 13) return ['webhook-timestamp is in milliseconds; it has to be in seconds.'];
  const away = `${Math.abs(age)} s ${age > 0 ? 'old' : 'in the future'}`;
  return [`webhook-timestamp is ${away}; more than ${toleranceSeconds} s may be a replay, or a wrong clock.`];
}

/** Standard Webhooks: `v1,` and base64 over `id.timestamp.body`, one a secret, a space between. */
function verifyStandard({ header, rawBody }: Message, secrets: readonly string[]): Part {
  const id = header('webhook-id');
  const timestamp = header('webhook-timestamp');
  const text = header('webhook-signature');
  const fault = (sentence: string): Part => ({ faults: [sentence], remarks: [] });
  if (id === undefined) return fault('webhook-id is not there.');
  // Said already.
  if (timestamp === undefined) return { faults: [], remarks: [] };
  if (text === undefined) return fault('webhook-signature is not there.');
  const given = text.split(' ').flatMap((part) => (part.startsWith('v1,') ? [part.slice(3)] : []));
  if (given.length === 0) return fault('webhook-signature has no signature that begins with v1,');

  const matches = (keys: readonly Buffer[], body: Buffer) =>
    given.findIndex((one) => keys.some((key) => isEqual(one, hmac(key, `${id}.${timestamp}.`, body))));
  const position = matches(secrets.map(signingKey), rawBody);
  if (position >= 0) return { faults: [], remarks: position > 0 && secrets.length === 1 ? [olderSecret] : [] };
  const asText = secrets.map((secret) => Buffer.from(secret));
  if (matches(asText, rawBody) >= 0) {
    return fault(
      'webhook-signature is made with the secret’s text; the key is what whsec_ stands before, decoded from base64.',
    );
  }
  if (
    matches(
      secrets.map((secret) => signingKey(secret)),
      Buffer.alloc(0),
    ) >= 0
  ) {
    return fault('webhook-signature is over an empty body; the body came afterwards.');
  }
  return fault(
    'webhook-signature matches no secret: another secret, or the id, the time or the body was changed on the way.',
  );
}

/** `X-Keeptrusts-Signature`: hex over the body alone, with the whole newest secret; during an overlap `-Previous` with the older. */
function verifyOwn({ header, rawBody }: Message, secrets: readonly string[]): Part {
  const name = 'X-Keeptrusts-Signature';
  const text = header(name);
  if (text === undefined) return { faults: [`${name} is not there.`], remarks: [] };
  const isOurs = (value: string | undefined) => secrets.some((secret) => verifySignature(rawBody, value, secret));
  if (isOurs(text)) return { faults: [], remarks: [] };
  if (isOurs(header(`${name}-Previous`))) return { faults: [], remarks: [olderSecret] };
  if (!/^sha256=[0-9a-f]{64}$/i.test(text))
    return { faults: [`${name} is not sha256= and 64 hex digits.`], remarks: [] };
  const isDecoded = secrets.some((secret) => {
    const digest = createHmac('sha256', signingKey(secret)).update(rawBody).digest('hex');
    return text.toLowerCase() === `sha256=${digest}`;
  });
  const why = isDecoded
    ? 'is made with the decoded secret; its key is the whole text, whsec_ included.'
    : 'matches no secret: another secret, or the body was changed on the way.';
  return { faults: [`${name} ${why}`], remarks: [] };
}

const hmac = (key: Buffer, head: string, body: Buffer) => createHmac('sha256', key).update(head).update(body).digest();

function isEqual(base64: string, expected: Buffer): boolean {
  const given = Buffer.from(base64, 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
