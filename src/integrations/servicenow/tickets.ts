import type { TicketName } from '../tracker-side.js';
import { queryValue } from './query.js';
import { asError, field, isSysId, type Row } from './rows.js';
import type { TableApi } from './table-api.js';

/** The table of tickets of one instance, and what it takes to reach it. */
export interface TicketContext {
  api: TableApi;
  /** Without a trailing slash. */
  base: string;
  table: string;
}

/** What every answer about a ticket is asked for. */
export const ticketFields = ['sys_id', 'number', 'state', 'sys_updated_on', 'correlation_id'] as const;

/** A ticket as it is now. @throws ProviderError, final, when it is gone: `http_404` */
export async function readTicket(context: TicketContext, name: TicketName, signal: AbortSignal): Promise<Row> {
  if (isSysId(name.externalRef)) return context.api.get(context.table, name.externalRef, ticketFields, signal);
  return findByNumber(context, name.externalId ?? '', signal);
}

/** The sys_id of a ticket, which all calls go by; a link of before we kept it costs a look. */
export async function sysIdOf(context: TicketContext, name: TicketName, signal: AbortSignal): Promise<string> {
  return isSysId(name.externalRef)
    ? name.externalRef
    : field(await findByNumber(context, name.externalId ?? '', signal), 'sys_id');
}

async function findByNumber({ api, table }: TicketContext, number: string, signal: AbortSignal): Promise<Row> {
  const query = `number=${queryValue(number)}`;
  const { rows } = await api.list(table, { query, fields: ticketFields, limit: 2, signal });
  // A term that it does not understand is ignored, and any record comes back.
  const found = rows.find((row) => field(row, 'number') === number && isSysId(field(row, 'sys_id')));
  if (!found) throw asError('http_404', `ServiceNow shows no record ${number.slice(0, 100)} in ${table}.`);
  return found;
}
