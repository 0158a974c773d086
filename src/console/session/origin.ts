import type { IncomingHttpHeaders } from 'node:http';
import { forbidden } from '../../http/problem.js';
import { parseUrl } from '../../lib/parse-url.js';

/**
 * Refuses a form that another site posted, by the headers `Origin` and, where the browser sends it, `Sec-Fetch-Site`. The form
 * token is checked as well.
 * @param publicUrl an accepted origin, besides the host that the request names
 * @throws Problem 403
 */
export function requireSameOrigin({ origin, host, ...headers }: IncomingHttpHeaders, publicUrl: string): void {
  const site = headers['sec-fetch-site'];
  const isOurs = origin === new URL(publicUrl).origin || (host !== undefined && parseUrl(origin ?? '')?.host === host);
  if (isOurs && (site === undefined || site === 'same-origin')) return;
  throw forbidden('This form came from another site. Open the page here and submit it again.');
}

/** The path of a redirect target, if it stays on this origin; `/` for anything else. */
export function localPath(requested: string | null): string {
  const base = 'http://here.invalid';
  const url = requested?.startsWith('/') ? parseUrl(requested, base) : null;
  if (!url) return '/';
  const { origin, pathname, search } = url;
  return origin === base && !pathname.startsWith('//') ? pathname + search : '/';
}
