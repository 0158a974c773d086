import { setTimeout as sleep } from 'node:timers/promises';
import type { QueuedEscalation, ReadNewSince } from '../../escalations/new-since.js';
import { firstIdAt, timeOf } from '../../lib/ids.js';

const maxStreamMs = 30 * 60_000;
/** Higher counts are reported as this number. */
const maxCount = 100;
/** Ids are made before they are stored, so an id may show up after newer ones. */
const maxInsertDelayMs = 10_000;

export interface Viewer {
  /** The newest id on the page: higher ids are new. Empty for an empty page. */
  after: string;
  /** The page's filter; null for none. */
  severities: readonly string[] | null;
}

interface CountEvent {
  event: 'count';
  data: string;
}

/** Starts watching immediately, and stops when `return` is called. */
export type LiveCounts = (orgId: string, viewer: Viewer) => AsyncIterableIterator<CountEvent, undefined>;

export interface LiveCountsDeps {
  read: ReadNewSince;
  /** The pause between two reads. */
  restMs: number;
}

/**
 * Reports how many escalations are newer than a page, whenever the number changes. All pages of an org share one short read at a
 * time, and without open pages nothing is read. A stream ends after half an hour; the browser then reconnects.
 */
export function createLiveCounts({ read, restMs }: LiveCountsDeps): LiveCounts {
  const watches = new Map<string, Watch>();

  function watchOf(orgId: string, after: string): Watch {
    const existing = watches.get(orgId);
    if (existing) return existing;
    const watch = createWatch((from) => read(orgId, from, maxCount), after);
    watches.set(orgId, watch);
    void watch.run(restMs).finally(() => watches.delete(orgId));
    return watch;
  }

  return (orgId, { after, severities }) => {
    const endsAt = Date.now() + maxStreamMs;
    const watch = watchOf(orgId, after);
    watch.join(after);
    let lastCount = 0;
    let isOpen = true;

    function close(): IteratorReturnResult<undefined> {
      if (isOpen) watch.leave();
      isOpen = false;
      return { done: true, value: undefined };
    }

    // Not a generator: `return` on a generator that awaits takes effect only after its next value.
    const iterator: AsyncIterableIterator<CountEvent, undefined> = {
      [Symbol.asyncIterator]: () => iterator,
      async next() {
        while (isOpen && Date.now() < endsAt) {
          await watch.nextRead();
          const count = watch.countNewer(after, severities);
          if (count === lastCount) continue;
          lastCount = count;
          return { done: false, value: { event: 'count', data: String(count) } };
        }
        return close();
      },
      return: () => Promise.resolve(close()),
    };
    return iterator;
  };
}

type Watch = ReturnType<typeof createWatch>;

/** Caches an org's newest escalations while pages watch. @param after the newest id of the first page */
function createWatch(read: (after: string) => Promise<QueuedEscalation[]>, after: string) {
  let viewers = 0;
  let lowestRequested = after;
  /** Newest first: everything above `from`, up to `maxCount` entries. */
  let cached: QueuedEscalation[] = [];
  let from: string | null = null;
  let waiting: (() => void)[] = [];

  /** The first read covers what the pages ask for; later reads cover only what can have been added since. */
  function nextFrom(): string {
    const newest = cached[0]?._id;
    if (from === null || lowestRequested < from || newest === undefined) return lowestRequested;
    const overlapFrom = firstIdAt('esc', timeOf(newest) - maxInsertDelayMs);
    return overlapFrom > from ? overlapFrom : from;
  }

  async function readNewer(): Promise<void> {
    const readFrom = nextFrom();
    const escalations = await read(readFrom);
    const byId = new Map([...cached, ...escalations].map((escalation) => [escalation._id, escalation]));
    cached = [...byId.values()].sort((a, b) => (a._id < b._id ? 1 : -1)).slice(0, maxCount);
    if (from === null || readFrom < from) from = readFrom;
  }

  function wakeAll(): void {
    const resolvers = waiting;
    waiting = [];
    for (const wake of resolvers) wake();
  }

  return {
    join(newestShown: string): void {
      viewers += 1;
      if (newestShown < lowestRequested) lowestRequested = newestShown;
    },
    leave(): void {
      viewers -= 1;
      wakeAll();
    },
    /** Resolves after the next read, even a failed one, and when a page leaves. */
    nextRead: () => new Promise<void>((resolve) => waiting.push(resolve)),
    countNewer: (id: string, severities: readonly string[] | null): number =>
      cached.filter(({ _id, severity }) => _id > id && (severities?.includes(severity) ?? true)).length,
    /** Reads until no page watches. */
    async run(restMs: number): Promise<void> {
      do {
        // The next read makes up for a failed one; pages get counts, not errors.
        await readNewer().catch(() => undefined);
        wakeAll();
        await sleep(restMs, undefined, { ref: false });
      } while (viewers > 0);
    },
  };
}
