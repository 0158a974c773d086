import { decodeTime, encodeTime, isValid } from 'ulid';

/** Ids from `since` on, before `before`; null: no such end. */
export interface Stretch {
  since: string | null;
  before: string | null;
}

/** Finds the newest of a stretch, newest first. */
export type FindIn<T> = (stretch: Stretch, wanted: number) => Promise<T[]>;

export interface Looking {
  orgId: string;
  /** The id that ended the page before; null for the first page. */
  before: string | null;
  wanted: number;
}

/** Further back than this nothing is expected to be dense, and the last look takes all the rest. */
const longestSpanMs = 365 * 24 * 3_600_000;
/** Orgs whose newest id is remembered. */
const mostOrgs = 10_000;

const timeLength = 10;

interface Start {
  prefix: string;
  startMs: number;
  before: string | null;
  wanted: number;
}

/**
 * Reads a list that is sorted by id, newest first, in stretches of time that widen until enough is found. MongoDB alone
 * needs no such thing: sort and limit stop it. The embedded stand-in reads whatever the bounds of an index hold and
 * applies the limit last, so a page would cost as much as the whole queue.
 */
export function createNewestFirst() {
  /** By org: where the first page begins. Only a hint: whatever is newer is found as well. */
  const newest = new Map<string, string>();

  return async function newestFirst<T extends { _id: string }>(find: FindIn<T>, looking: Looking): Promise<T[]> {
    const { orgId, before, wanted } = looking;
    const start = before ?? newest.get(orgId);
    const [prefix = '', ulid = ''] = start?.split('_') ?? [];
    const found = isValid(ulid)
      ? await widening(find, { prefix, startMs: decodeTime(ulid), before, wanted })
      : await find({ since: null, before }, wanted);
    const first = found[0]?._id;
    if (before === null && first !== undefined && first > (newest.get(orgId) ?? '')) {
      if (newest.size >= mostOrgs) newest.clear();
      newest.set(orgId, first);
    }
    return found;
  };
}

async function widening<T>(find: FindIn<T>, { prefix, startMs, wanted, ...start }: Start): Promise<T[]> {
  const found: T[] = [];
  let { before } = start;
  for (let spanMs = 1; ;) {
    const sinceMs = startMs - spanMs;
    const since = spanMs > longestSpanMs || sinceMs < 0 ? null : `${prefix}_${encodeTime(sinceMs, timeLength)}`;
    found.push(...(await find({ since, before }, wanted - found.length)));
    if (since === null || found.length >= wanted) return found;
    before = since;
    // As much further as what is found so far promises to be enough.
    spanMs *= Math.max(4, Math.ceil(wanted / (found.length + 1)));
  }
}
