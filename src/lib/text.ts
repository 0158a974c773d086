import { parseJsonExactly } from './json/index.js';

/** Replaces half pairs of surrogates, which JSON can carry, UTF-8 cannot, and `encodeURIComponent` throws on. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, '\ufffd');
}

/** The value of a JSON text, its numbers exact, a byte order mark ignored; undefined when it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return parseJsonExactly(text.replace(/^\ufeff/, ''));
  } catch {
    return undefined;
  }
}
