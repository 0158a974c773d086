import type { IncomingHttpHeaders } from 'node:http';
import { forbidden } from '../../http/problem.js';
import { parseUrl } from '../../lib/parse-url.js';

/**
 * Refuses a form that another site sent. Browsers say where a POST comes from by `Origin`, and by `Sec-Fetch-Site` where they have
 * it; a form's token is checked besides.
 * @param publicUrl people reach us by it, or by the name that their browser has asked for
 * @throws Problem 403
 */
export function requireSameOrigin({ origin, host, ...headers }: IncomingHttpHeaders, publicUrl: string): void {
  const site = headers['sec-fetch-site'];
  const isOurs = origin === new URL(publicUrl).origin || (host !== undefined && parseUrl(origin ?? '')?.host === host);
  if (isOurs && (site === undefined || site === 'same-origin')) return;
  throw forbidden('This form came from another site. Open the page here and send it again.');
}
