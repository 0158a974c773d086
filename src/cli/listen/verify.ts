import { createHmac, timingSafeEqual } from 'node:crypto';
import { signingKey } from '../../lib/signing.js';
import { verifySignature } from '../../lib/signature.js';
/** A request as it arrived. */
export interface Message {
  at: Date;
  /** The value of a header, whatever the case of its name. */
  header: (name: string) => string | undefined;
  /** By lower-case name. */
  headers: Readonly<Record<string, string>>;
  rawBody: Buffer;
}

export interface Verification {
  /** Null when there is no secret to verify with. */
  verified: boolean | null;
  /** A sentence for each reason why the message is wrong. */
  faults: string[];
  /** Sentences about a message that may still be right. */
  remarks: string[];
}

const toleranceSeconds = 300;

/**
 * Verifies a message as receivers should: both signatures over the bytes that arrived, and a timestamp within five minutes.
 * @param secrets the secrets that the receiver accepts, newest first; with none, nothing is verified
 */
export function verifyMessage(message: Message, secrets: readonly string[], now: Date): Verification {
  if (secrets.length === 0) return { verified: null, faults: [], remarks: [] };
  const standard = verifyStandard(message, secrets);
  const keeptrusts = verifyKeeptrusts(message, secrets);
  const faults = [...timestampFaults(message, now), ...standard.faults, ...keeptrusts.faults];
  const remarks = [...new Set([...standard.remarks, ...keeptrusts.remarks])];
  return { verified: faults.length === 0, faults, remarks };
}

type Findings = Pick<Verification, 'faults' | 'remarks'>;

const olderSecret = 'The secret is being rotated, and this receiver still has the older secret: give it the new one.';

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

/** Standard Webhooks: `v1,` and base64 over `id.timestamp.body`, one for each secret, separated by spaces. */
function verifyStandard({ header, rawBody }: Message, secrets: readonly string[]): Findings {
  const id = header('webhook-id');
  const timestamp = header('webhook-timestamp');
  const text = header('webhook-signature');
  const fault = (sentence: string): Findings => ({ faults: [sentence], remarks: [] });
  if (id === undefined) return fault('webhook-id is not there.');
  // `timestampFaults` reports it.
  if (timestamp === undefined) return { faults: [], remarks: [] };
  if (text === undefined) return fault('webhook-signature is not there.');
  const signatures = text.split(' ').flatMap((part) => (part.startsWith('v1,') ? [part.slice(3)] : []));
  if (signatures.length === 0) return fault('webhook-signature has no signature that begins with v1,');

  const matches = (keys: readonly Buffer[], body: Buffer) =>
    signatures.findIndex((signature) => keys.some((key) => isEqual(signature, hmac(key, `${id}.${timestamp}.`, body))));
  const keys = secrets.map(signingKey);
  const position = matches(keys, rawBody);
  if (position >= 0) return { faults: [], remarks: position > 0 && secrets.length === 1 ? [olderSecret] : [] };
  const asText = secrets.map((secret) => Buffer.from(secret));
  if (matches(asText, rawBody) >= 0) {
    return fault(
      'webhook-signature is made with the secret’s text; the key is the part after whsec_, decoded from base64.',
    );
  }
  if (matches(keys, Buffer.alloc(0)) >= 0) {
    return fault('webhook-signature is over an empty body; the body was added afterwards.');
  }
  return fault(
    'webhook-signature matches no secret: the secret is another one, or the id, the time or the body was changed on the way.',
  );
}

/** `X-Keeptrusts-Signature`: hex over the body alone, by the text of the newest secret; during an overlap `-Previous` by the older. */
function verifyKeeptrusts({ header, rawBody }: Message, secrets: readonly string[]): Findings {
  const name = 'X-Keeptrusts-Signature';
  const text = header(name);
  if (text === undefined) return { faults: [`${name} is not there.`], remarks: [] };
  const isSigned = (value: string | undefined) => secrets.some((secret) => verifySignature(rawBody, value, secret));
  if (isSigned(text)) return { faults: [], remarks: [] };
  if (isSigned(header(`${name}-Previous`))) return { faults: [], remarks: [olderSecret] };
  if (!/^sha256=[0-9a-f]{64}$/i.test(text))
    return { faults: [`${name} is not sha256= and 64 hex digits.`], remarks: [] };
  const isDecoded = secrets.some((secret) => {
    const digest = createHmac('sha256', signingKey(secret)).update(rawBody).digest('hex');
    return text.toLowerCase() === `sha256=${digest}`;
  });
  const reason = isDecoded
    ? 'is made with the decoded secret; its key is the whole text, whsec_ included.'
    : 'matches no secret: the secret is another one, or the body was changed on the way.';
  return { faults: [`${name} ${reason}`], remarks: [] };
}

const hmac = (key: Buffer, head: string, body: Buffer) => createHmac('sha256', key).update(head).update(body).digest();

function isEqual(base64: string, expected: Buffer): boolean {
  const given = Buffer.from(base64, 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
