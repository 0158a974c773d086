import { randomBytes } from 'node:crypto';
import { compareDecimals, decimalOf } from './decimal.js';
import { ExactNumber } from './raw.js';
import { endOfScalar, endOfString } from './scan.js';

/** Only such a number can change its value as a double: 16 digits or more, or an exponent of three digits. */
const maybeInexact = /[\d.]{16}|[eE][+-]?\d{3}/;
const marker = `number-${randomBytes(16).toString('hex')}-`;

/**
 * `JSON.parse` that keeps numbers exactly: what a double cannot hold becomes an `ExactNumber`. Takes time in proportion to
 * the text and never recurses.
 * @throws SyntaxError when the text is not JSON
 */
export function parseJsonExactly(json: string): unknown {
  const value: unknown = JSON.parse(json);
  if (!maybeInexact.test(json)) return value;
  const tokens: string[] = [];
  const marked = markNumbers(json, tokens);
  return tokens.length === 0 ? value : insertNumbers(JSON.parse(marked), tokens);
}

/** Replaces each inexact number by a text that stands for `tokens` at an index. @param json valid JSON */
function markNumbers(json: string, tokens: string[]): string {
  const parts: string[] = [];
  let copied = 0;
  for (let index = 0; index < json.length;) {
    const code = json.charCodeAt(index);
    if (code === 34) {
      index = endOfString(json, index);
      continue;
    }
    const isNumber = code === 45 || (code >= 48 && code <= 57);
    if (!isNumber) {
      index += 1;
      continue;
    }
    const end = endOfScalar(json, index);
    const token = json.slice(index, end);
    if (maybeInexact.test(token) && !isExact(token)) {
      parts.push(json.slice(copied, index), `"${marker}${tokens.push(token) - 1}"`);
      copied = end;
    }
    index = end;
  }
  return parts.join('') + json.slice(copied);
}

/** Whether the double nearest to this number is written as a number of the same value. */
function isExact(token: string): boolean {
  const double = Number(token);
  return Number.isFinite(double) && compareDecimals(decimalOf(token), decimalOf(String(double))) === 0;
}

function insertNumbers(parsed: unknown, tokens: readonly string[]): unknown {
  const root: { value: unknown } = { value: parsed };
  const containers: object[] = [root];
  for (let next = containers.pop(); next; next = containers.pop()) {
    for (const key of Object.keys(next)) {
      const value: unknown = (next as Record<string, unknown>)[key];
      if (typeof value === 'object' && value !== null) containers.push(value);
      else if (typeof value === 'string' && value.startsWith(marker)) {
        const number = new ExactNumber(tokens[Number(value.slice(marker.length))] ?? '0');
        // Not assigned: a key may be `__proto__`.
        Object.defineProperty(next, key, { value: number, enumerable: true, writable: true, configurable: true });
      }
    }
  }
  return root.value;
}
