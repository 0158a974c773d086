import { createHash, randomBytes } from 'node:crypto';
import { decodeTime, encodeTime, ulid } from 'ulid';

export const idPrefixes = [
  'evt',
  'esc',
  'er',
  'tkt',
  'cmt',
  'cmd',
  'wh',
  'dlv',
  'con',
  'src',
  'key',
  'chn',
  'pol',
  'aud',
] as const;
export type IdPrefix = (typeof idPrefixes)[number];

/** A new id: the prefix and a ULID, which sorts by time and carries 80 random bits. */
export function newId(prefix: IdPrefix, at: number = Date.now()): string {
  return `${prefix}_${ulid(at, randomFraction(randomBytes(16)))}`;
}

/** The id that this seed and time always give: a repeated request finds what the first one made. */
export function derivedId(prefix: IdPrefix, seed: string, at: number): string {
  return `${prefix}_${ulid(at, randomFraction(createHash('sha256').update(`${prefix}\0${seed}`).digest()))}`;
}

/** The time that an id was given, in milliseconds. */
export const timeOf = (id: string): number => decodeTime(id.slice(id.indexOf('_') + 1));

const timeLength = 10;

/** What sorts before all ids of this time and later, and behind all before it. @param at milliseconds since 1970 */
export const firstIdAt = (prefix: string, at: number): string => `${prefix}_${encodeTime(Math.max(0, at), timeLength)}`;

/** ulid asks for sixteen fractions below 1, five bits of each are used. */
function randomFraction(bytes: Buffer): () => number {
  let next = 0;
  return () => (bytes[next++ % bytes.length] ?? 0) / 256;
}
