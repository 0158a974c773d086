import type { ApiAnswer, ApiClient, Query } from './api-client.js';
import type { Page } from './api-types.js';
import type { Call } from './command.js';
import { CommandError } from './errors.js';
import { fieldsText } from './output/field.js';
import type { Options, Values } from './options.js';
import { table, type Column } from './output/table.js';
import type { Terminal } from './terminal.js';

/** Prints a response: its JSON unchanged (`{}` for an empty one), some of its fields, or a text for people. @returns exit code 0 */
export async function showAnswer<T>(
  { options, terminal }: { options: { json: boolean; field: readonly string[] }; terminal: Terminal },
  answer: ApiAnswer<T> | Promise<ApiAnswer<T>>,
  format: (body: T, terminal: Terminal) => string,
): Promise<number> {
  const { body, text } = await answer;
  if (options.field.length > 0) terminal.out(fieldsText(body, options.field));
  else terminal.out(options.json ? text || '{}' : format(body, terminal));
  return 0;
}

const maxPageSize = 200;

/** The options of every command that lists. */
export const pagingOptions = {
  limit: { kind: 'number', value: 'N', min: 1, max: maxPageSize, help: `Entries a page, at most ${maxPageSize} (50)` },
  cursor: { kind: 'text', value: 'TEXT', help: 'Start at this cursor, which the previous page printed' },
  all: { kind: 'flag', help: 'Print every page' },
} as const satisfies Options;

interface List<T> {
  /** Defaults to the org's. */
  client?: ApiClient;
  path: string;
  query?: Query;
  columns: readonly Column<T>[];
  /** Printed when there are no entries; says how to get some. */
  empty: string;
}

type ListCall = Omit<Call<Options>, 'options'> & {
  options: Values<typeof pagingOptions> & { json: boolean; field: string[] };
};

/** Prints one page of a list, or all of them. @returns exit code 0 */
export async function showList<T>(call: ListCall, list: List<T>): Promise<number> {
  const { terminal, options } = call;
  const { body: page, text } = await (options.all ? fetchAll(call, list) : fetchPage(call, list, options));
  if (options.json) {
    terminal.out(text);
    return 0;
  }
  const { field } = options;
  if (page.data.length > 0 && field.length > 0)
    terminal.out(page.data.map((entry) => fieldsText(entry, field)).join('\n'));
  else if (page.data.length > 0) terminal.out(table(list.columns, page.data, terminal));
  else if (page.next_cursor === null && field.length === 0) terminal.out(list.empty);
  if (page.next_cursor !== null) {
    terminal.note(
      `${page.data.length} on this page, and there are more: add --all, or --cursor ${page.next_cursor} for the next page.`,
    );
  }
  return 0;
}

interface Position {
  limit: number | undefined;
  cursor: string | undefined;
}

/** @throws CommandError when the response is not a page, for example of another version of the API */
async function fetchPage<T>(
  { org }: ListCall,
  { client = org, path, query }: List<T>,
  { limit, cursor }: Position,
): Promise<ApiAnswer<Page<T>>> {
  const { body, text } = await client.get<Partial<Page<T>>>(path, { ...query, limit, cursor });
  const { data, next_cursor = null } = body;
  if (!Array.isArray(data)) throw new CommandError('The answer was not understood: it is not a list.');
  return { body: { data, next_cursor }, text };
}

async function fetchAll<T>(call: ListCall, list: List<T>): Promise<ApiAnswer<Page<T>>> {
  const { limit = maxPageSize, cursor: start } = call.options;
  const data: T[] = [];
  let cursor = start;
  for (;;) {
    const { body } = await fetchPage(call, list, { limit, cursor });
    for (const entry of body.data) data.push(entry);
    // A cursor that leads to itself would never end.
    if (body.next_cursor === null || body.next_cursor === cursor) break;
    cursor = body.next_cursor;
  }
  const page: Page<T> = { data, next_cursor: null };
  return { body: page, text: JSON.stringify(page) };
}
