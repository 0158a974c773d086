import { decodeTime, isValid } from 'ulid';
import { firstIdAt } from '../lib/ids.js';

/** Ids from `since` on, before `before`; null: no such end. */
export interface Stretch {
  since: string | null;
  before: string | null;
}

/** Finds the newest of a stretch, newest first. */
export type FindIn<T> = (stretch: Stretch, wanted: number) => Promise<T[]>;

export interface NewestFirstQuery {
  /** Which list it is: of each, the newest id is remembered. */
  list: string;
  /** The id that ended the page before; null for the first page. */
  before: string | null;
  /** What is older is not looked for; null: everything is. */
  since?: string | null;
  /**
   * An id that is not much older than the newest, or newer: the first page begins there, and what has come since the last
   * look is read in steps as well. Without it a look takes all of that at once, and the first look takes everything.
   */
  hint?: string;
  wanted: number;
}

/** Further back than this nothing is expected to be dense, and the last look takes all the rest. */
const maxSpanMs = 365 * 24 * 3_600_000;
/** Lists whose newest id is remembered. */
const maxLists = 10_000;

/** For lists that are dense where they begin: while nothing is found, looks go on in smaller steps. */
export interface Caution {
  firstSpanMs: number;
  growth: number;
}

interface Start extends Stretch {
  prefix: string;
  startMs: number;
  wanted: number;
  caution: Caution | null;
}

/**
 * Reads a list that is sorted by ids of ours, newest first, in stretches of time that widen until enough is found. MongoDB
 * alone needs no such thing: sort and limit stop it. The embedded stand-in reads whatever the bounds of an index hold and
 * applies the limit last, so a page would cost as much as the whole list.
 * @param idOf what the list is sorted by
 */
export function createNewestFirst<Item>(idOf: (item: Item) => string, caution: Caution | null = null) {
  /** Where the first page begins. Only a hint: whatever is newer is found as well. */
  const newest = new Map<string, string>();

  return async function newestFirst<T extends Item>(find: FindIn<T>, reading: NewestFirstQuery): Promise<T[]> {
    const { list, before, since: end = null, hint, wanted } = reading;
    const known = newest.get(list);
    const walk = (from: string | undefined, stretch: Stretch, max: number): Promise<T[]> => {
      const [prefix = '', ulid = ''] = from?.split('_') ?? [];
      if (!isValid(ulid)) return find(stretch, max);
      return widening(find, { prefix, startMs: decodeTime(ulid), ...stretch, wanted: max, caution });
    };

    if (before !== null) return walk(before, { since: end, before }, wanted);
    const isSplit = hint !== undefined && known !== undefined && (end === null || known > end);
    const found = await walk(hint ?? known, { since: isSplit ? known : end, before }, wanted);
    if (isSplit && found.length < wanted)
      found.push(...(await walk(known, { since: end, before: known }, wanted - found.length)));
    const first = found[0];
    if (first !== undefined && idOf(first) > (newest.get(list) ?? '')) {
      if (newest.size >= maxLists) newest.clear();
      newest.set(list, idOf(first));
    }
    return found;
  };
}

async function widening<T>(
  find: FindIn<T>,
  { prefix, startMs, since: end, wanted, caution, ...start }: Start,
): Promise<T[]> {
  const found: T[] = [];
  let { before } = start;
  for (let spanMs = caution?.firstSpanMs ?? 1; ;) {
    const sinceMs = startMs - spanMs;
    const further = spanMs > maxSpanMs || sinceMs < 0 ? null : firstIdAt(prefix, sinceMs);
    const isLast = further === null || (end !== null && further <= end);
    const since = isLast ? end : further;
    found.push(...(await find({ since, before }, wanted - found.length)));
    if (isLast || found.length >= wanted) return found;
    before = since;
    // As much further as what is found so far promises to be enough.
    const growth = Math.max(4, Math.ceil(wanted / (found.length + 1)));
    spanMs *= found.length === 0 && caution !== null ? caution.growth : growth;
  }
}
