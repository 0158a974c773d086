import { isHeaderName, isHeaderValue, isTransportHeader } from './header-rules.js';

export interface HeaderProblem {
  /** As it was written, for the path in a 422. */
  name: string;
  /** Never holds the value, which may be a secret. */
  message: string;
}

const limits = { count: 50, valueLength: 4096 };

/** What we say about the message ourselves: its form, who it is for, and that it is genuine. */
const oursAlways = new Set([
  'accept-encoding',
  'content-encoding',
  'content-type',
  'cookie',
  'cookie2',
  'set-cookie',
  'x-hub-signature',
  'x-signature',
]);
const oursByPrefix = /^(webhook-|x-keeptrusts-|x-drawbridge-)/;

/**
 * Checks the headers that a user wants to be sent along with calls to a receiver of theirs.
 * @param ours more names, in lower case, that this kind of call sets itself: `authorization` where we log in with a stored secret
 * @returns what is wrong, in the order of the headers; empty when they may be used
 */
export function checkCustomHeaders(
  headers: Readonly<Record<string, string>>,
  ours: readonly string[] = [],
): HeaderProblem[] {
  const entries = Object.entries(headers);
  const extra = entries
    .slice(limits.count)
    .map(([name]) => ({ name, message: `is one more than the ${limits.count} headers that may be set` }));
  const seen = new Set<string>();
  const wrong = entries.slice(0, limits.count).flatMap(([name, value]) => {
    const lower = name.toLowerCase();
    const message = problemOfName(lower, seen, ours) ?? problemOfValue(value);
    seen.add(lower);
    return message === null ? [] : [{ name, message }];
  });
  return [...wrong, ...extra];
}

function problemOfName(name: string, seen: ReadonlySet<string>, ours: readonly string[]): string | null {
  if (!isHeaderName(name)) return 'is not a name of a header';
  if (seen.has(name)) return 'is set twice';
  if (isTransportHeader(name)) return 'belongs to the connection and cannot be set';
  if (oursAlways.has(name) || oursByPrefix.test(name) || ours.includes(name)) return 'is reserved and cannot be set';
  return null;
}

function problemOfValue(value: string): string | null {
  if (value.length > limits.valueLength) return `is longer than ${limits.valueLength} characters`;
  if (!isHeaderValue(value)) return 'has a line break or another character that a header cannot carry';
  return null;
}
