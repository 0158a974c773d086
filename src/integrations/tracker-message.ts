import type { Redact } from './redact.js';
import { parseJson, wellFormed } from '../lib/text.js';

/** The longest message that a ProviderError carries. */
const maxLength = 500;
/** More than enough for a message of 500 characters, and little enough for the expressions below. */
const considered = 4096;

/**
 * What a tracker said, for people: its JSON's `message`, `error`, `detail`, `errorMessages` or `errors`, else its text.
 * @param prefix put before it, such as `HTTP 400`
 * @returns one line of at most 500 characters, without control characters, markup or secrets
 */
export function trackerMessage(prefix: string, body: Buffer, redact: Redact): string {
  const text = body.toString('utf8');
  // Secrets go before anything is cut or joined, for half of one is no longer found; and again after joining.
  const texts = redact(oneLine(withoutMarkup(redact(textOfJson(text) ?? text).slice(0, considered))));
  return clip(texts === '' ? `${prefix}, without an explanation.` : `${prefix}: ${texts}`);
}

function textOfJson(text: string): string | null {
  const texts = [...new Set(textsIn(parseJson(text), 0))];
  return texts.length > 0 ? texts.join('; ') : null;
}

/** Jira: `{errorMessages:[…],errors:{field:…}}`; ServiceNow: `{error:{message,detail}}`; RFC 9457: `{title,detail}`. */
function textsIn(value: unknown, depth: number): string[] {
  if (typeof value === 'string') return value.trim() === '' ? [] : [value];
  if (typeof value !== 'object' || value === null || depth > 3) return [];
  if (Array.isArray(value)) return value.flatMap((item) => textsIn(item, depth + 1));
  const fields = new Map(Object.entries(value));
  const named = ['message', 'error', 'title', 'detail', 'errorMessages'].flatMap((name) =>
    textsIn(fields.get(name), depth + 1),
  );
  return [...named, ...fieldErrors(fields.get('errors'), depth)];
}

function fieldErrors(errors: unknown, depth: number): string[] {
  if (typeof errors !== 'object' || errors === null || Array.isArray(errors)) return textsIn(errors, depth + 1);
  return Object.entries(errors).flatMap(([field, value]) =>
    textsIn(value, depth + 1).map((word) => `${field}: ${word}`),
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
  if (text.length <= maxLength) return text;
  // A cut through a pair of surrogates leaves one that is no character.
  return `${text.slice(0, maxLength - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
