import type { Query } from './api-client.js';
import type { Call } from './command.js';
import type { Options, Values } from './options.js';
import { CannotError } from './errors.js';
import { table, type Column } from './output/table.js';

const mostPerPage = 200;

/** What each command that lists takes. */
export const pagingOptions = {
  limit: { kind: 'number', value: 'N', min: 1, max: mostPerPage, help: `how many on a page, to ${mostPerPage} (50)` },
  cursor: { kind: 'text', value: 'TEXT', help: 'where a page begins, as the page before said' },
  all: { kind: 'flag', help: 'every page' },
} as const satisfies Options;

interface Page<T> {
  data: T[];
  next_cursor: string | null;
}

interface List<T> {
  /** Below the API, org included. */
  path: string;
  query?: Query;
  columns: readonly Column<T>[];
  /** What would fill it, and how. */
  empty: string;
}

type PagedCall = Omit<Call<Options>, 'options'> & { options: Values<typeof pagingOptions> & { json: boolean } };

/** Prints a page of a list, or all of it. @returns the exit code */
export async function showList<T>(call: PagedCall, { path, query, columns, empty }: List<T>): Promise<number> {
  const { terminal, options } = call;
  const { page, text } = await (options.all ? everyPage<T>(call, path, query) : onePage<T>(call, path, query));
  if (options.json) terminal.out(text);
  else if (page.data.length > 0) terminal.out(table(columns, page.data, terminal));
  else if (page.next_cursor === null) terminal.out(empty);
  if (page.next_cursor !== null && !options.json) {
    terminal.note(
      `${page.data.length} on this page, and there is more: add --all, or --cursor ${page.next_cursor} for the next page.`,
    );
  }
  return 0;
}

async function onePage<T>({ api, options: { limit, cursor } }: PagedCall, path: string, query?: Query) {
  const { body, text } = await api.get<Partial<Page<T>>>(path, { ...query, limit, cursor });
  return { page: checked(body), text };
}

async function everyPage<T>({ api, options }: PagedCall, path: string, query?: Query) {
  const data: T[] = [];
  let cursor = options.cursor;
  for (;;) {
    const asked = { ...query, limit: options.limit ?? mostPerPage, cursor };
    const page = checked((await api.get<Partial<Page<T>>>(path, asked)).body);
    for (const entry of page.data) data.push(entry);
    // A cursor that leads to itself would never end.
    if (page.next_cursor === null || page.next_cursor === cursor) break;
    cursor = page.next_cursor;
  }
  const page: Page<T> = { data, next_cursor: null };
  return { page, text: JSON.stringify(page) };
}

/** @throws CannotError for what is no page: an API of another version, say */
function checked<T>({ data, next_cursor: next = null }: Partial<Page<T>>): Page<T> {
  if (Array.isArray(data)) return { data, next_cursor: next };
  throw new CannotError('The answer was not understood: it is no list.');
}
