import { boundedPages } from '../bounded-pages.js';
import type { TrackedTicket } from '../tracker-side.js';
import { display } from './create.js';
import { allOf } from './query.js';
import { asError, field, isSysId, stampOf, timeOf, type Row } from './rows.js';
import { statusOf } from './states.js';
import { ticketFields, type TicketContext } from './tickets.js';

const page = 200;

/**
 * Our tickets that changed at or after this time, the oldest change first. A ticket that changes while pages are read
 * moves to the end and everything behind it moves up, so the next page begins at the last one's time; an offset only
 * passes over what has the same second.
 */
export async function* changedSince(
  context: TicketContext,
  since: Date,
  signal: AbortSignal,
): AsyncGenerator<TrackedTicket> {
  const seen = new Set<string>();
  const start = { from: stampOf(since), offset: 0 };
  const pages = boundedPages<{ row: Row; from: string }, typeof start>({
    what: 'tickets that changed',
    async fetch({ from, offset } = start, meter) {
      const query = allOf(`correlation_display=${display}`, `sys_updated_on>=${from}`, 'ORDERBYsys_updated_on');
      const asked = { query, fields: ticketFields, limit: page, offset, signal, meter };
      const { rows, hasMore } = await context.api.list(context.table, asked);
      const items = rows.map((row) => ({ row, from }));
      if (!hasMore) return { items, next: null };
      const last = field(rows.at(-1), 'sys_updated_on');
      // Rows of before `from` show that the instance ignores the term: then there is nothing but the offset.
      const isHeeded = rows.every((row) => field(row, 'sys_updated_on') >= from);
      return { items, next: isHeeded && last > from ? { from: last, offset: 0 } : { from, offset: offset + page } };
    },
  });
  for await (const items of pages) {
    for (const { row, from } of items) {
      const ticket = field(row, 'sys_updated_on') >= from ? trackedOf(row) : null;
      const version = `${field(row, 'sys_id')} ${field(row, 'sys_updated_on')} ${field(row, 'state')}`;
      if (ticket === null || seen.has(version)) continue;
      seen.add(version);
      yield ticket;
    }
  }
}

/** Terms that are not understood are ignored: what is no ticket of ours comes back, and is left. */
function trackedOf(row: Row): TrackedTicket | null {
  return field(row, 'correlation_id').startsWith('tkt_') ? readTracked(row) : null;
}

/** A record as a look finds it. @throws ProviderError, final: `answer_unusable` */
export function tracked(row: Row): TrackedTicket {
  const ticket = readTracked(row);
  if (ticket) return ticket;
  throw asError(
    'answer_unusable',
    'ServiceNow shows the record without its sys_id, number, state or time of change: the integration user may not read them.',
  );
}

function readTracked(row: Row): TrackedTicket | null {
  const externalId = field(row, 'number');
  const externalRef = field(row, 'sys_id');
  const updatedAt = timeOf(field(row, 'sys_updated_on'));
  const state = field(row, 'state');
  if (externalId === '' || !isSysId(externalRef) || updatedAt === null || state === '') return null;
  return { externalId, externalRef, status: statusOf(state), updatedAt };
}
