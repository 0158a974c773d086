import { RawJson, stringifyJson } from './raw.js';
import { parseJsonExactly } from './parse.js';
import { endOfString, endOfValue, skipSpace } from './scan.js';

const sources = new WeakMap<object, string>();

/** A batch's event data lies this deep: the body, `events`, the event, `data`. */
const maxRememberedLevels = 4;

/**
 * Parses JSON exactly and remembers the text of each object and array down to the fourth level, for `jsonTextOf`.
 * @throws SyntaxError when the text is not JSON
 */
export function parseJsonWithSources(json: string): unknown {
  const value = parseJsonExactly(json);
  remember(json, skipSpace(json, 0), value, maxRememberedLevels);
  return value;
}

/**
 * The JSON text of a value: the sender's own, byte for byte, if `parseJsonWithSources` has remembered it.
 * @throws RangeError for a value that nests deeper than the stack allows
 */
export const jsonTextOf = (value: unknown): string =>
  (typeof value === 'object' && value !== null ? sources.get(value) : undefined) ?? stringifyJson(value);

/** @returns the index after the value, which begins at `start` */
function remember(json: string, start: number, value: unknown, levels: number): number {
  const isArray = json[start] === '[';
  // An earlier one of two members with the same key can be of another kind than the value, which is the last one's.
  const isContainer = isArray ? Array.isArray(value) : json[start] === '{' && isObject(value);
  if (levels === 0 || !isContainer) return endOfValue(json, start);

  let index = skipSpace(json, start + 1);
  for (let position = 0; json[index] !== ']' && json[index] !== '}'; position++) {
    let child: unknown;
    if (isArray) child = (value as unknown[])[position];
    else {
      const keyEnd = endOfString(json, index);
      child = memberOf(value as object, JSON.parse(json.slice(index, keyEnd)) as string);
      index = skipSpace(json, skipSpace(json, keyEnd) + 1);
    }
    index = skipSpace(json, remember(json, index, child, levels - 1));
    if (json[index] === ',') index = skipSpace(json, index + 1);
  }
  sources.set(value as object, json.slice(start, index + 1));
  return index + 1;
}

const isObject = (value: unknown) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof RawJson);

const memberOf = (object: object, key: string): unknown =>
  Object.hasOwn(object, key) ? (object as Record<string, unknown>)[key] : undefined;
