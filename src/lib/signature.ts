import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The value of `X-Signature` for a body.
 * @param rawBody the bytes as they go over the wire; a string is taken as UTF-8
 * @param secret used as its UTF-8 bytes
 * @returns `sha256=` and the HMAC-SHA256 in lower-case hex, as GitHub and Jira write it
 */
export function signBody(rawBody: Buffer | string, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(rawBody).digest('hex')}`;
}

/**
 * Whether a header is the signature of these very bytes.
 * The form is strict: `sha256=` in lower case and 64 hex digits, nothing before or after; the digits may be in either case.
 * @param rawBody the bytes as they arrived, never a body that was parsed and written again
 * @param header the header's value; undefined when it was not sent
 * @param secret used as its UTF-8 bytes; an empty one verifies nothing, for then anybody could sign
 */
export function verifySignature(rawBody: Buffer, header: string | undefined, secret: string): boolean {
  const hex = /^sha256=([0-9a-f]{64})$/i.exec(header ?? '')?.[1];
  if (!hex || !header?.startsWith('sha256=') || secret === '') return false;
  const expected = createHmac('sha256', secret).update(rawBody).digest();
  const given = Buffer.from(hex, 'hex');
  // Both are 32 bytes here; a comparison up to the shorter length is what CVE-2024-21491 was.
  return given.length === expected.length && timingSafeEqual(given, expected);
}
