import { ProviderError } from '../../lib/provider-errors.js';
import type { TrackerCheck } from '../tracker-side.js';
import { chooseCode, type CloseCodes } from './close-codes.js';
import { isJournalShown } from './journal.js';
import { field, type Row } from './rows.js';
import type { TicketContext } from './tickets.js';

/** Without these tickets are not found again; without the others they are poorer. */
const needed = ['sys_id', 'number', 'state', 'sys_updated_on', 'correlation_id', 'correlation_display'];
const wanted = ['short_description', 'description', 'impact', 'urgency', 'close_code', 'close_notes'];
/** No link has this id. */
const nobody = 'tkt_drawbridge_check';

export interface Checked {
  context: TicketContext;
  codes: CloseCodes;
  closeCode: string | null;
  /** Fields that the field map fills. */
  mapped: readonly string[];
}

/** What a connection's admin wants to know. @throws ProviderError `aborted`, and nothing else */
export async function checkInstance(checked: Checked, signal: AbortSignal): Promise<TrackerCheck[]> {
  const { context, mapped } = checked;
  try {
    const fields = [...needed, ...wanted, ...mapped];
    const { rows } = await context.api.list(context.table, {
      query: 'ORDERBYDESCsys_created_on',
      fields,
      limit: 1,
      signal,
    });
    const [record] = rows;
    return [
      entry('credentials', 'ready', 'ServiceNow takes the credentials.'),
      entry('table', 'ready', `Records of ${context.table} can be listed.`),
      await attempt('fields', () => fieldsOf(checked, record, signal)),
      await attempt('close_code', () => closeCodeOf(checked, signal)),
      await attempt('comments', () => commentsOf(context, signal)),
    ];
  } catch (error) {
    if (!(error instanceof ProviderError) || error.code === 'aborted') throw error;
    if (!['http_400', 'http_403', 'http_404'].includes(error.code))
      return [entry('credentials', 'missing', error.message)];
    return [
      entry('credentials', 'ready', 'ServiceNow takes the credentials.'),
      entry('table', 'missing', `Records of ${context.table} cannot be listed. ${error.message}`),
    ];
  }
}

const entry = (id: string, status: TrackerCheck['status'], detail: string): TrackerCheck => ({ id, status, detail });

async function attempt(id: string, run: () => Promise<TrackerCheck>): Promise<TrackerCheck> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof ProviderError) || error.code === 'aborted') throw error;
    return entry(id, 'attention', `This could not be looked at. ${error.message}`);
  }
}

async function fieldsOf(
  { context, mapped }: Checked,
  record: Row | undefined,
  signal: AbortSignal,
): Promise<TrackerCheck> {
  if (!record)
    return entry('fields', 'attention', `No record of ${context.table} is shown, so its fields were not looked at.`);
  const hidden = (names: readonly string[]) => names.filter((name) => !Object.hasOwn(record, name));
  const lost = hidden(needed);
  if (lost.length > 0) {
    return entry(
      'fields',
      'missing',
      `The integration user cannot read ${lost.join(', ')}: tickets would not be found again.`,
    );
  }
  const query = `correlation_id=${nobody}`;
  const { rows } = await context.api.list(context.table, { query, fields: ['correlation_id'], limit: 1, signal });
  if (rows.some((row) => field(row, 'correlation_id') !== nobody)) {
    const why = 'ServiceNow ignores correlation_id in queries: a ticket whose answer is lost would not be found again.';
    return entry('fields', 'missing', why);
  }
  const poorer = hidden([...wanted, ...mapped]);
  return poorer.length > 0
    ? entry('fields', 'attention', `Not there, or not readable: ${poorer.join(', ')}. What is written to them is lost.`)
    : entry('fields', 'ready', 'The fields that are written can be read.');
}

async function closeCodeOf({ codes, closeCode }: Checked, signal: AbortSignal): Promise<TrackerCheck> {
  const all = await codes.refresh(signal);
  const listed = all.join(', ').slice(0, 300);
  if (all.length === 0) {
    const why = 'No close codes are shown (sys_choice): give the right to read them';
    return entry(
      'close_code',
      'attention',
      closeCode === null ? `${why}, or set close_code.` : `${why} to have “${closeCode}” checked.`,
    );
  }
  if (closeCode === null) return entry('close_code', 'ready', `Tickets are resolved with “${chooseCode(all) ?? ''}”.`);
  return all.includes(closeCode)
    ? entry('close_code', 'ready', `Tickets are resolved with “${closeCode}”.`)
    : entry('close_code', 'missing', `The instance has no close code “${closeCode}”. It has: ${listed}.`);
}

async function commentsOf(context: TicketContext, signal: AbortSignal): Promise<TrackerCheck> {
  if (await isJournalShown(context, signal)) return entry('comments', 'ready', 'The journal can be read.');
  const why =
    'No journal entry is shown (sys_journal_field): either there is none yet, or an ACL hides them. Hidden, no comment is found by polling, ' +
    'and one whose answer is lost is written twice.';
  return entry('comments', 'attention', why);
}
