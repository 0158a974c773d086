import { createHash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const prefix = 'dbk_';
/** 36 of 62 characters: 214 bits. */
const randomLength = 36;
const checksumLength = 6;
const form = new RegExp(`^${prefix}[0-9A-Za-z]{${randomLength + checksumLength}}$`);

/** A new key: a prefix that secret scanners can know, randomness, and a checksum that tells a typo from a stranger. */
export function generateKey(): string {
  const body = prefix + Array.from({ length: randomLength }, () => digits[randomInt(digits.length)]).join('');
  return body + checksum(body);
}

/** Whether a text can be one of our keys at all; saves the database from guesses and typos. */
export function isWellFormedKey(text: string): boolean {
  return form.test(text) && checksum(text.slice(0, -checksumLength)) === text.slice(-checksumLength);
}

/** What is stored of a key. It is random enough that a plain hash cannot be searched. */
export const hashKey = (key: string | Buffer): string => createHash('sha256').update(key).digest('hex');

/** What lists show, so that people can tell their keys apart. */
export const displayPrefix = (key: string) => key.slice(0, prefix.length + 6);

function checksum(body: string): string {
  let rest = crc32(body);
  let text = '';
  for (let i = 0; i < checksumLength; i++) {
    text = (digits[rest % digits.length] ?? '') + text;
    rest = Math.floor(rest / digits.length);
  }
  return text;
}
