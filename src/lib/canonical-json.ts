import { RawJson } from './json/index.js';

/**
 * One text for one value: compact JSON, keys sorted at every level, the order of arrays kept, non-ASCII left as it is.
 * Keys are compared by UTF-16 code units, as RFC 8785 (JCS) does; among ASCII keys every sort agrees. Like `JSON.stringify` it
 * honours `toJSON`, drops undefined, functions and symbols in objects, and writes null for them in arrays.
 *
 * The text is written directly: a sorted copy would put keys such as `"10"` in numeric order and lose `__proto__`.
 * @throws TypeError for a bigint, and for what JSON has no text for at all; RangeError for a value that contains itself
 */
export function canonicalJson(value: unknown): string {
  const text = write(value, '');
  if (text === undefined) throw new TypeError('This value has no JSON text.');
  return text;
}

function write(raw: unknown, key: string): string | undefined {
  if (raw instanceof RawJson) return raw.text;
  const value = hasToJson(raw) ? raw.toJSON(key) : raw;
  if (Array.isArray(value)) {
    return `[${value.map((item: unknown, index) => write(item, String(index)) ?? 'null').join(',')}]`;
  }
  if (isObject(value)) return writeObject(value);
  // Undefined for undefined, functions and symbols, whatever the type of JSON.stringify says.
  return JSON.stringify(value);
}

function writeObject(object: Record<string, unknown>): string {
  const members: string[] = [];
  for (const key of Object.keys(object).sort()) {
    const text = write(object[key], key);
    if (text !== undefined) members.push(`${JSON.stringify(key)}:${text}`);
  }
  return `{${members.join(',')}}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function hasToJson(value: unknown): value is { toJSON: (key: string) => unknown } {
  return isObject(value) && typeof value.toJSON === 'function';
}
