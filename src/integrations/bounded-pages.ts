import { z } from 'zod';
import { ProviderError } from '../lib/provider-errors.js';

/** Limits of one list that a foreign server gives page by page. */
export interface PageBounds {
  pages: number;
  /** Pages without an item, one after the other: a server may hide what the account must not see. */
  emptyPages: number;
  items: number;
  /** Of all answers together. */
  bytes: number;
  /** Spent waiting for answers. */
  ms: number;
  /** Of what a server calls its next page. */
  cursorLength: number;
}

/** Far beyond what a well-behaved tracker sends: an issue of Jira holds 5,000 comments at most. */
const defaultBounds: PageBounds = {
  pages: 400,
  emptyPages: 20,
  items: 20_000,
  bytes: 64 * 1024 * 1024,
  ms: 60_000,
  cursorLength: 4_096,
};

export interface Page<Item, Cursor> {
  items: readonly Item[];
  /** Where the next page begins; null behind the last one. */
  next: Cursor | null;
}

/** Called with the length of each answer. */
export type AnswerMeter = (bytes: number) => void;

export interface BoundedList<Item, Cursor> {
  /** For the error: `comments of an issue`. */
  what: string;
  /** @param cursor undefined for the first page */
  fetch: (cursor: Cursor | undefined, meter: AnswerMeter) => Promise<Page<Item, Cursor>>;
  bounds?: Partial<PageBounds>;
}

/**
 * Reads a list page by page. A list that goes beyond its bounds is an error and never a shorter list: whoever looks for
 * something may take it for absent only when the list has ended.
 * @throws ProviderError `list_too_long`, `list_endless` (both final) or `list_slow` (retryable), and what `fetch` throws
 */
export async function* boundedPages<Item, Cursor extends string | number | object>({
  what,
  fetch,
  bounds,
}: BoundedList<Item, Cursor>): AsyncGenerator<readonly Item[]> {
  const most = { ...defaultBounds, ...bounds };
  const used = { pages: 0, emptyPages: 0, items: 0, bytes: 0, ms: 0 };
  const cursors = new Set<string>();
  let cursor: Cursor | undefined;
  for (;;) {
    const startedAt = performance.now();
    const { items, next } = await fetch(cursor, (bytes) => (used.bytes += bytes));
    used.ms += performance.now() - startedAt;
    used.pages += 1;
    used.items += items.length;
    used.emptyPages = items.length === 0 ? used.emptyPages + 1 : 0;
    if (used.items > most.items) throw tooLong(what, `${most.items} entries`);
    if (items.length > 0) yield items;
    if (next === null) return;
    const key = typeof next === 'object' ? JSON.stringify(next) : String(next);
    if (key.length > most.cursorLength) throw endless(what, 'a page token is longer than any tracker needs');
    if (cursors.has(key)) throw endless(what, 'a page follows that was read before');
    if (used.emptyPages >= most.emptyPages) throw endless(what, `${most.emptyPages} pages in a row are empty`);
    if (used.pages >= most.pages) throw tooLong(what, `${most.pages} pages`);
    if (used.bytes > most.bytes) throw tooLong(what, `${Math.round(most.bytes / 1024 / 1024)} MiB`);
    if (used.ms > most.ms) throw slow(what, most.ms);
    cursors.add(key);
    cursor = next;
  }
}

/** All items of a list. @throws as `boundedPages` does */
export async function allItems<Item, Cursor extends string | number | object>(
  list: BoundedList<Item, Cursor>,
): Promise<Item[]> {
  const all: Item[] = [];
  for await (const page of boundedPages(list)) all.push(...page);
  return all;
}

const tooLong = (what: string, most: string) =>
  new ProviderError(
    'list_too_long',
    `The tracker's list (${what}) has more than ${most}; it is not read further.`,
    false,
  );

const endless = (what: string, why: string) =>
  new ProviderError('list_endless', `The tracker's list (${what}) has no end: ${why}.`, false);

const slow = (what: string, ms: number) =>
  new ProviderError('list_slow', `The tracker took more than ${ms / 1000} s to send a list (${what}).`, true);

/** Of one page, and of lists without pages: more than any that we ask for. */
const maxArrayItems = 2_000;

/** A list in an answer. It is measured before its items are read: a body of a few MiB can hold a million wrong ones. */
export const boundedArray = <Item extends z.ZodType>(item: Item, max: number = maxArrayItems) =>
  z
    .custom<unknown[]>((value) => Array.isArray(value) && value.length <= max, 'must be a short list')
    .pipe(z.array(item));
