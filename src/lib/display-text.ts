import { parseUrl } from './parse-url.js';
import { wellFormed } from './text.js';

/** Control characters, and marks that turn the direction of what stands around them. Tabs and newlines aside. */
const hidden = /[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/gu;

/** A text from outside for a place that keeps its lines: well-formed, without control characters, trimmed. */
export function lines(text: string): string {
  return wellFormed(text)
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(hidden, '')
    .trim();
}

/** A text from outside as one line. */
export function oneLine(text: string): string {
  return lines(text).replace(/\s+/gu, ' ');
}

/**
 * Cuts a text to a number of UTF-16 units, which is never less than its number of characters.
 * @returns it as it is, or its beginning with an ellipsis; never half a pair of surrogates
 */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  return `${text.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** What anything reads like in one line; null for nothing, and for what is neither text, number nor truth value. */
export function shown(value: unknown): string | null {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return null;
  // Nothing that is shown is this long; a name of a megabyte need not be cleaned whole.
  return oneLine(value.slice(0, 4096)) || null;
}

/**
 * An address for a link.
 * @returns it normalised, in ASCII, with nothing in it that any of the chats gives a meaning to; null for what is no
 * http(s) URL, carries credentials, or is too long for a link
 */
export function linkUrl(text: string | null | undefined): string | null {
  const url = text ? parseUrl(text) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '') return null;
  const href = url.href.replace(/[^\w\-.~:/?#[\]@!$&'()*+,;=%]/g, encodeURIComponent);
  return href.length <= 2000 ? href : null;
}
