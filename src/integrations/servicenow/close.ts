import { ProviderError } from '../../lib/provider-errors.js';
import type { ClosedTicket, TicketRef } from '../port.js';
import { chooseCode, orNone, type CloseCodes } from './close-codes.js';
import { asError, field, type Row } from './rows.js';
import { isDone, labelOf, resolved } from './states.js';
import { plain } from './text.js';
import { readTicket, ticketFields, type TicketContext } from './tickets.js';

/** Every instance had it once; tried where the choices are not shown. */
const guess = 'Solved (Permanently)';
/** Of an error's 500 characters. */
const listed = 300;

/**
 * Resolves a ticket. What is Resolved, Closed or Canceled already is left as it is.
 * @param configured the connection's close code; null: one that the instance has
 * @throws ProviderError, final: `close_code` with the codes that there are; `not_closed`
 */
export async function closeTicket(
  context: TicketContext,
  codes: CloseCodes,
  configured: string | null,
  ticket: TicketRef,
  signal: AbortSignal,
): Promise<ClosedTicket> {
  const before = await readTicket(context, ticket, signal);
  const state = field(before, 'state');
  if (isDone(state)) return { externalStatus: labelOf(state) };
  const sysId = field(before, 'sys_id');
  const resolve = (code: string) => update(context, sysId, code, ticket, signal);
  const code = configured ?? chooseCode(await orNone(codes.list(signal))) ?? guess;
  const after = await resolve(code).catch(async (error: unknown) => {
    if (!isDataPolicy(error)) throw error;
    const all = await orNone(codes.refresh(signal));
    const other = configured === null ? chooseCode(all, code) : null;
    if (other === null || all.includes(code)) throw explained(error, code, all);
    return resolve(other);
  });
  const now = field(after, 'state');
  if (isDone(now)) return { externalStatus: labelOf(now) };
  throw asError(
    'not_closed',
    `ServiceNow took the closing of ${ticket.externalId} and left it ${labelOf(now) || 'as it was'}: ` +
      'the integration user may not write its state, or a rule of the instance set it back.',
  );
}

function update(
  { api, table }: TicketContext,
  sysId: string,
  code: string,
  { url }: TicketRef,
  signal: AbortSignal,
): Promise<Row> {
  const values = { state: resolved, close_code: code, close_notes: `Closed in Drawbridge: ${plain(url)}` };
  return api.update(table, sysId, values, ticketFields, signal);
}

const isDataPolicy = (error: unknown): error is ProviderError =>
  error instanceof ProviderError && error.code === 'http_403' && /data policy/i.test(error.message);

function explained(error: ProviderError, code: string, codes: readonly string[]): ProviderError {
  // A code that it has was not the reason.
  if (codes.includes(code)) return error;
  const known = codes.join(', ');
  const list = known.length > listed ? `${known.slice(0, listed)}…` : known;
  const have = list === '' ? 'Its choices are not readable for the integration user.' : `It has: ${list}.`;
  return asError('close_code', `ServiceNow does not take the close code “${code.slice(0, 60)}”. ${have}`);
}
