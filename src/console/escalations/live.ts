import { setTimeout as sleep } from 'node:timers/promises';
import type { Arrival, ReadArrivals } from '../../escalations/arrivals.js';
import { firstIdAt, timeOf } from '../../lib/ids.js';

const longestMs = 30 * 60_000;
/** More are told as this many. */
const most = 100;
/** Ids are made before they are stored: one may come behind others that are newer. */
const lateMs = 10_000;

export interface Viewer {
  /** The newest id that the page shows: what is behind it is new. Empty when it shows none. */
  after: string;
  /** What the page is narrowed to; null: nothing. */
  severities: readonly string[] | null;
}

interface CountEvent {
  event: 'count';
  data: string;
}

/** Begins to watch at once, until `return` is called. */
export type LiveCounts = (orgId: string, viewer: Viewer) => AsyncIterableIterator<CountEvent, undefined>;

export interface LiveCountsDeps {
  read: ReadArrivals;
  /** Between two reads, in milliseconds. */
  restMs: number;
}

/**
 * How many escalations are newer than what a page shows, whenever that changes. However many pages watch an org, it is one short
 * read at a time, and none when nobody does. A page is told for half an hour; one that is still open asks again.
 */
export function createLiveCounts({ read, restMs }: LiveCountsDeps): LiveCounts {
  const watches = new Map<string, Watch>();

  function watchOf(orgId: string, after: string): Watch {
    const known = watches.get(orgId);
    if (known) return known;
    const watch = createWatch((from) => read(orgId, from, most), after);
    watches.set(orgId, watch);
    void watch.run(restMs).finally(() => watches.delete(orgId));
    return watch;
  }

  return (orgId, { after, severities }) => {
    const endsAt = Date.now() + longestMs;
    const watch = watchOf(orgId, after);
    watch.join(after);
    let told = 0;
    let isOpen = true;

    function close(): IteratorReturnResult<undefined> {
      if (isOpen) watch.leave();
      isOpen = false;
      return { done: true, value: undefined };
    }

    // Not a generator: one that waits hears that its reader has left only when it has something to say.
    const iterator: AsyncIterableIterator<CountEvent, undefined> = {
      [Symbol.asyncIterator]: () => iterator,
      async next() {
        while (isOpen && Date.now() < endsAt) {
          await watch.looked();
          const count = watch.countBehind(after, severities);
          if (count === told) continue;
          told = count;
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

/** What is known of an org's newest escalations, while somebody watches. @param after what the first page shows */
function createWatch(read: (after: string) => Promise<Arrival[]>, after: string) {
  let viewers = 0;
  let wanted = after;
  /** Newest first. All behind `from` is among them, or there are more than are told. */
  let known: Arrival[] = [];
  let from: string | null = null;
  let waiting: (() => void)[] = [];

  /** Back to what a page asks for, once; from then on only what can have come since. */
  function nextFrom(): string {
    const newest = known[0]?._id;
    if (from === null || wanted < from || newest === undefined) return wanted;
    const late = firstIdAt('esc', timeOf(newest) - lateMs);
    return late > from ? late : from;
  }

  async function look(): Promise<void> {
    const next = nextFrom();
    const found = await read(next);
    const all = new Map([...known, ...found].map((one) => [one._id, one]));
    known = [...all.values()].sort((a, b) => (a._id < b._id ? 1 : -1)).slice(0, most);
    if (from === null || next < from) from = next;
  }

  function wakeAll(): void {
    const asleep = waiting;
    waiting = [];
    for (const wake of asleep) wake();
  }

  return {
    join(behind: string): void {
      viewers += 1;
      if (behind < wanted) wanted = behind;
    },
    leave(): void {
      viewers -= 1;
      wakeAll();
    },
    /** Resolves after the next look, whether it saw anything or failed, and when a page leaves. */
    looked: () => new Promise<void>((resolve) => waiting.push(resolve)),
    countBehind: (id: string, severities: readonly string[] | null): number =>
      known.filter(({ _id, severity }) => _id > id && (severities?.includes(severity) ?? true)).length,
    /** Looks again and again until nobody watches. */
    async run(restMs: number): Promise<void> {
      do {
        // What fails is found by the next look: a page waits for numbers, not for errors.
        await look().catch(() => undefined);
        wakeAll();
        await sleep(restMs, undefined, { ref: false });
      } while (viewers > 0);
    },
  };
}
