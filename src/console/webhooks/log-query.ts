import type { z } from 'zod';
import { validate } from '../../http/validation.js';
import { listDeliveriesQuery } from '../../webhooks/deliveries/schema.js';

/** How far back the log can be asked for by name: an address that is shared goes on meaning it. */
export const logSpans: Record<string, { label: string; ms: number }> = {
  '1h': { label: 'within an hour', ms: 3_600_000 },
  '24h': { label: 'within a day', ms: 86_400_000 },
  '7d': { label: 'within a week', ms: 7 * 86_400_000 },
};

const listed = 25;

/** The log's filters in the page's address, as the API's list takes them. @throws Problem 422 */
export function logQueryOf(query: URLSearchParams): z.output<typeof listDeliveriesQuery> {
  const known = ['status', 'event_type', 'since', 'cursor'].flatMap((name) => {
    const value = query.get(name);
    return value ? [[name, value] as const] : [];
  });
  const asked = Object.fromEntries(known);
  const span = asked.since === undefined ? undefined : logSpans[asked.since];
  const since = span && new Date(Date.now() - span.ms).toISOString();
  return validate(listDeliveriesQuery, { limit: String(listed), ...asked, ...(since !== undefined && { since }) });
}
