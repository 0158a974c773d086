import { parseUrl } from '../../lib/parse-url.js';
import { isTransportHeader, isHeaderName, isHeaderValue } from './header-rules.js';
import { invalidRequest } from './errors.js';

/** Where a request goes, in undici's terms. */
export interface Target {
  origin: string;
  path: string;
  url: URL;
}

/**
 * Reads a URL by the WHATWG rules, which know every spelling of an address (`0x7f.1`, `2130706433`, `[::ffff:7f00:1]`).
 * @throws GuardedRequestError `invalid_request`: not http or https, or with credentials, which belong in a header
 */
export function readTarget(url: string | URL): Target {
  // Parsed again in any case: what is judged is the text that is sent.
  const parsed = parseUrl(String(url));
  if (!parsed) throw invalidRequest('The URL cannot be read.');
  const { protocol, username, password, origin, pathname, search } = parsed;
  if (protocol !== 'http:' && protocol !== 'https:') throw invalidRequest('The URL is not http or https.');
  if (username !== '' || password !== '') throw invalidRequest('The URL carries credentials.');
  return { origin, path: pathname + search, url: parsed };
}

/**
 * The headers as they are sent, names in lower case.
 * @throws GuardedRequestError `invalid_request` for one that is the transport's own (another `host` would also change the name in
 * TLS), is there twice, or cannot be written
 */
export function readHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const seen = new Map<string, string>();
  for (const [written, value] of Object.entries(headers)) {
    const name = written.toLowerCase();
    const usable = isHeaderName(name) && isHeaderValue(value) && !isTransportHeader(name) && !seen.has(name);
    if (!usable) throw invalidRequest('A header cannot be sent.');
    seen.set(name, value);
  }
  // Compressed answers would have to be unpacked; the limit on size is easier to hold without.
  seen.set('accept-encoding', 'identity');
  return Object.fromEntries(seen);
}
