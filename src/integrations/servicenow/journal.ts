import { ProviderError } from '../../lib/provider-errors.js';
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

/** The journal entry that a comment of ours became; null when none is shown. */
export async function findPushed(
  context: TicketContext,
  sysId: string,
  id: string,
  signal: AbortSignal,
): Promise<Row | null> {
  const query = allOf(...ofRecord(context, sysId), `valueLIKE${queryValue(markOf(id))}`, 'ORDERBYDESCsys_created_on');
  const { rows } = await context.api.list(table, { query, fields, limit: page, signal });
  return rows.find((row) => isOf(row, sysId) && oursIn(field(row, 'value')) === id) ?? null;
}

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
  let offset = 0;
  for (;;) {
    const { rows, hasMore, read } = await readPage(context, query, offset, signal);
    const entries = rows.filter((row) => isOf(row, sysId) && field(row, 'sys_created_on') >= from);
    found.push(...entries.flatMap((row) => commentOf(row) ?? []));
    offset += read;
    if (!hasMore) return found;
  }
}

/** Fewer entries at once where the answer is longer than the client reads. */
async function readPage({ api }: TicketContext, query: string, offset: number, signal: AbortSignal) {
  for (let limit = page; ; limit = Math.ceil(limit / 4)) {
    try {
      return { ...(await api.list(table, { query, fields, limit, offset, signal })), read: limit };
    } catch (error) {
      if (!(error instanceof ProviderError) || error.code !== 'answer_unreadable' || limit === 1) throw error;
    }
  }
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
