import { isDeeperThan } from './json-depth.js';
import { parseJsonExactly } from './json/index.js';

/** Replaces half pairs of surrogates, which JSON can carry, UTF-8 cannot, and `encodeURIComponent` throws on. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, '\ufffd');
}

/** A URL or path that others are put behind. A pattern such as `/\/+$/` takes quadratic time on many slashes. */
export function withoutTrailingSlashes(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === '/') end--;
  return text.slice(0, end);
}

/** Deeper texts overflow the stack of whoever walks through their value. */
const maxDepth = 500;

/** The value of a JSON text, its numbers exact, a byte order mark ignored; undefined when it is not JSON, or nests too deep. */
export function parseJson(text: string): unknown {
  if (isDeeperThan(text, maxDepth)) return undefined;
  try {
    return parseJsonExactly(text.replace(/^\ufeff/, ''));
  } catch {
    return undefined;
  }
}
