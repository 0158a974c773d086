import type { Redact } from './redact.js';
import { parseJson, wellFormed } from '../lib/text.js';

/** The longest message that a ProviderError carries. */
const longest = 500;
/** More than enough for a message of 500 characters, and little enough for the expressions below. */
const considered = 4096;

/**
 * What a tracker said, for people: its JSON's `message`, `error`, `detail`, `errorMessages` or `errors`, else its text.
 * @param prefix put before it, such as `HTTP 400`
 * @returns one line of at most 500 characters, without control characters, markup or secrets
 */
export function trackerWords(prefix: string, body: Buffer, redact: Redact): string {
  const text = body.toString('utf8');
  // Secrets go before anything is cut or joined, for half of one is no longer found; and again after joining.
  const words = redact(oneLine(withoutMarkup(redact(wordsOfJson(text) ?? text).slice(0, considered))));
  return clip(words === '' ? `${prefix}, without an explanation.` : `${prefix}: ${words}`);
}

function wordsOfJson(text: string): string | null {
  const words = [...new Set(wordsIn(parseJson(text), 0))];
  return words.length > 0 ? words.join('; ') : null;
}

/** Jira: `{errorMessages:[…],errors:{field:…}}`; ServiceNow: `{error:{message,detail}}`; RFC 9457: `{title,detail}`. */
function wordsIn(value: unknown, depth: number): string[] {
  if (typeof value === 'string') return value.trim() === '' ? [] : [value];
  if (typeof value !== 'object' || value === null || depth > 3) return [];
  if (Array.isArray(value)) return value.flatMap((item) => wordsIn(item, depth + 1));
  const fields = new Map(Object.entries(value));
  const named = ['message', 'error', 'title', 'detail', 'errorMessages'].flatMap((name) =>
    wordsIn(fields.get(name), depth + 1),
  );
  return [...named, ...fieldErrors(fields.get('errors'), depth)];
}

function fieldErrors(errors: unknown, depth: number): string[] {
  if (typeof errors !== 'object' || errors === null || Array.isArray(errors)) return wordsIn(errors, depth + 1);
  return Object.entries(errors).flatMap(([field, value]) =>
    wordsIn(value, depth + 1).map((word) => `${field}: ${word}`),
  );
}

function withoutMarkup(text: string): string {
  if (!/^\s*<(!doctype|html|head|body|h\d|p\b|\?xml)/i.test(text)) return text;
  return text.replace(/<(script|style)\b[\s\S]*?(<\/\1\s*>|$)/gi, ' ').replace(/<[^<>]*(>|$)/g, ' ');
}

/** Control characters, line separators and marks that turn the direction of writing become spaces. */
function oneLine(text: string): string {
  return wellFormed(text)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\s]+/gu, ' ')
    .trim();
}

function clip(text: string): string {
  if (text.length <= longest) return text;
  // A cut through a pair of surrogates leaves one that is no character.
  return `${text.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
