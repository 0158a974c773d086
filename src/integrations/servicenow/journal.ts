import { ProviderError } from '../../lib/provider-errors.js';
import { boundedPages } from '../bounded-pages.js';
import type { TrackerComment } from '../tracker-side.js';
import { allOf, queryValue } from './query.js';
import { field, isSysId, stampOf, timeOf, type Row } from './rows.js';
import { journalText, markOf, oursIn } from './text.js';
import type { TicketContext } from './tickets.js';

const table = 'sys_journal_field';
const fields = ['sys_id', 'element_id', 'element', 'value', 'sys_created_on', 'sys_created_by'] as const;
const elements = ['comments', 'work_notes'];
/** Comments are long: a page of them has to fit into what the client reads of an answer. */
const page = 20;

/** Their clock and ours may differ by this much. */
const clockSkewMs = 60 * 60_000;

/** Right after a comment was written: its journal entry, where it is among the newest; null when none is shown. */
export async function findWritten(
  context: TicketContext,
  sysId: string,
  id: string,
  signal: AbortSignal,
): Promise<Row | null> {
  const { rows } = await context.api.list(table, { query: queryOf(context, sysId, id), fields, limit: page, signal });
  return rows.find((row) => isPushed(row, sysId, id)) ?? null;
}

/**
 * The journal entry that a comment of ours became; null when none is shown. An instance that ignores a term answers with
 * other entries, so all of them are read back to the time of the comment.
 * @throws ProviderError, also when the list goes beyond its bounds: then whether it is there is not known
 */
export async function findPushed(
  context: TicketContext,
  sysId: string,
  { id, since }: { id: string; since: Date },
  signal: AbortSignal,
): Promise<Row | null> {
  const oldest = stampOf(new Date(since.getTime() - clockSkewMs));
  for await (const rows of pagesOf(context, queryOf(context, sysId, id), signal)) {
    const found = rows.find((row) => isPushed(row, sysId, id));
    if (found) return found;
    const last = field(rows.at(-1), 'sys_created_on');
    if (timeOf(last) !== null && last < oldest) return null;
  }
  return null;
}

const queryOf = (context: TicketContext, sysId: string, id: string) =>
  allOf(...ofRecord(context, sysId), `valueLIKE${queryValue(markOf(id))}`, 'ORDERBYDESCsys_created_on');

const isPushed = (row: Row, sysId: string, id: string) => isOf(row, sysId) && oursIn(field(row, 'value')) === id;

/** A record's comments and work notes that were made at or after this time, the oldest first. */
export async function journalSince(
  context: TicketContext,
  sysId: string,
  since: Date,
  signal: AbortSignal,
): Promise<TrackerComment[]> {
  const from = stampOf(since);
  const query = allOf(...ofRecord(context, sysId), `sys_created_on>=${from}`, 'ORDERBYsys_created_on');
  const found: TrackerComment[] = [];
  for await (const rows of pagesOf(context, query, signal)) {
    const entries = rows.filter((row) => isOf(row, sysId) && field(row, 'sys_created_on') >= from);
    found.push(...entries.flatMap((row) => commentOf(row) ?? []));
  }
  return found;
}

/** Fewer entries at once where the answer is longer than the client reads. */
function pagesOf({ api }: TicketContext, query: string, signal: AbortSignal): AsyncGenerator<readonly Row[]> {
  return boundedPages<Row, number>({
    what: 'journal of a record',
    async fetch(offset = 0, meter) {
      for (let limit = page; ; limit = Math.ceil(limit / 4)) {
        try {
          const { rows, hasMore } = await api.list(table, { query, fields, limit, offset, signal, meter });
          return { items: rows, next: hasMore ? offset + limit : null };
        } catch (error) {
          if (!(error instanceof ProviderError) || error.code !== 'answer_unreadable' || limit === 1) throw error;
        }
      }
    },
  });
}

/** Whether any entry of the table's records is shown to us at all: an ACL can hide them, and then nobody says so. */
export async function isJournalShown(context: TicketContext, signal: AbortSignal): Promise<boolean> {
  const query = allOf(`name=${context.table}`, 'ORDERBYDESCsys_created_on');
  const { rows } = await context.api.list(table, { query, fields: ['sys_id'], limit: 1, signal });
  return rows.length > 0;
}

/** An entry, by the names that the business rule sends as well; null for one without an id or a text. */
export function commentOf(row: Row): TrackerComment | null {
  const value = field(row, 'value');
  const body = journalText(value);
  const externalCommentId = field(row, 'sys_id');
  if (!isSysId(externalCommentId) || body === '' || !elements.includes(field(row, 'element'))) return null;
  return {
    externalCommentId,
    author: field(row, 'sys_created_by').slice(0, 255) || 'ServiceNow',
    body,
    at: timeOf(field(row, 'sys_created_on')),
    isEdited: false,
    ours: oursIn(value),
  };
}

const ofRecord = (context: TicketContext, sysId: string) => [
  `element_id=${queryValue(sysId)}`,
  `name=${context.table}`,
  `elementIN${elements.join(',')}`,
];

/** Terms that are not understood are ignored: then other records' comments come back. */
const isOf = (row: Row, sysId: string): boolean => field(row, 'element_id') === sysId;
