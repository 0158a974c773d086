import { mayHaveArrived, ProviderError } from '../../lib/provider-errors.js';
import { applyFieldMap } from '../field-map.js';
import type { CreatedTicket, CreateOptions, TicketDraft } from '../port.js';
import { searchAgain } from '../search-again.js';
import { allOf, queryValue } from './query.js';
import { asError, field, isSysId, timeOf, type Row } from './rows.js';
import type { ServiceNowSettings } from './settings.js';
import { urgencyOf } from './severity.js';
import { labelOf } from './states.js';
import { descriptionOf, plainDraft, titleLine } from './text.js';
import type { TicketContext } from './tickets.js';
import { stringifyJson } from '../../lib/json/index.js';

/** What our tickets are known by, and polled for. */
export const display = 'Drawbridge';

const fields = ['sys_id', 'number', 'state', 'correlation_id', 'sys_created_on'] as const;
const page = 100;
/** Their clock and ours may differ by this much. */
const clockSkewMs = 10 * 60_000;

export type CreateSettings = Pick<ServiceNowSettings, 'severityMap' | 'fieldMap'> & {
  lookAfterMs: readonly number[];
  createAgainAfterMs: number;
};

/** Makes a draft's record, or finds the one that an earlier try made. */
export async function createTicket(
  context: TicketContext,
  settings: CreateSettings,
  draft: TicketDraft,
  options: CreateOptions,
): Promise<CreatedTicket> {
  const found = await findEarlier(context, settings, draft, options);
  return ticketOf(context, found ?? (await make(context, settings, draft, options)));
}

async function findEarlier(
  context: TicketContext,
  { lookAfterMs, createAgainAfterMs }: CreateSettings,
  { linkId, occurredAt }: TicketDraft,
  { sentAt, signal }: CreateOptions,
): Promise<Row | null> {
  if (sentAt === null) return null;
  const search = () => findByLink(context, linkId, sentAt ?? occurredAt, signal);
  return sentAt === undefined ? search() : searchAgain({ sentAt, lookAfterMs, createAgainAfterMs, signal, search });
}

/**
 * The first record that bears the link's id. Newest first: an instance that ignores the term answers with everything,
 * and what was just made is at the top of it.
 * @throws ProviderError, final: `search_unusable` when the answer does not tell whether there is one
 */
async function findByLink(
  { api, table }: TicketContext,
  linkId: string,
  since: Date,
  signal: AbortSignal,
): Promise<Row | null> {
  const query = allOf(`correlation_id=${queryValue(linkId)}`, 'ORDERBYDESCsys_created_on');
  const { rows, hasMore } = await api.list(table, { query, fields, limit: page, signal });
  const ours = rows.filter((row) => field(row, 'correlation_id') === linkId && isUsable(row));
  const oldest = ours.at(-1);
  if (oldest) return oldest;
  if (rows.length === 0 && !hasMore) return null;
  const last = timeOf(field(rows.at(-1), 'sys_created_on'));
  const wentBackFarEnough = !hasMore || (last !== null && last.getTime() < since.getTime() - clockSkewMs);
  if (rows.length > 0 && wentBackFarEnough && rows.every((row) => Object.hasOwn(row, 'correlation_id'))) return null;
  throw asError(
    'search_unusable',
    `ServiceNow does not search ${table} by correlation_id, so whether this ticket was made already is not known. ` +
      'Give the integration user the right to read and query that field, then try again.',
  );
}

async function make(
  context: TicketContext,
  settings: CreateSettings,
  draft: TicketDraft,
  options: CreateOptions,
): Promise<Row> {
  const { api, table } = context;
  const { signal, sending, refused } = options;
  const values = valuesOf(draft, settings);
  // Before it is on record as sent: without credentials nothing is.
  await api.signIn(signal);
  await sending?.();
  try {
    const row = await api.create(table, values, fields, signal);
    if (isUsable(row)) return row;
    throw new ProviderError('answer_unreadable', 'ServiceNow made a record and did not say which one.', true);
  } catch (error) {
    if (error instanceof ProviderError && !mayHaveArrived(error)) await refused?.();
    throw error;
  }
}

/** Every value is a string. The field map goes over ours, the marks aside. */
function valuesOf(draft: TicketDraft, { severityMap = {}, fieldMap = {} }: CreateSettings): Row {
  const mapped = Object.entries(applyFieldMap(fieldMap, plainDraft(draft))).map(
    ([name, value]) => [name, name === 'short_description' ? titleLine(asText(value)) : asText(value)] as const,
  );
  return {
    short_description: titleLine(draft.title),
    description: descriptionOf(draft),
    ...urgencyOf(draft, severityMap),
    ...Object.fromEntries(mapped),
    correlation_id: queryValue(draft.linkId),
    correlation_display: display,
  };
}

/** Null empties a field, as it does in the Table API. */
function asText(value: unknown): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : stringifyJson(value);
}

const isUsable = (row: Row): boolean => isSysId(field(row, 'sys_id')) && /^[\w-]{1,100}$/.test(field(row, 'number'));

function ticketOf({ base, table }: TicketContext, row: Row): CreatedTicket {
  const sysId = field(row, 'sys_id');
  const state = field(row, 'state');
  return {
    externalId: field(row, 'number'),
    externalRef: sysId,
    externalUrl: `${base}/nav_to.do?uri=${encodeURIComponent(`${table}.do?sys_id=${sysId}`)}`,
    externalStatus: state === '' ? null : labelOf(state),
  };
}
