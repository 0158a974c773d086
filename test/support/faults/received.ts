import { expect } from 'vitest';
import { eventually } from '../eventually.js';
import type { FakeReceiver } from '../fake-receiver.js';
import type { Publishers } from './publishers.js';

/** What a receiver got of what was accepted. */
export interface Received {
  events: number;
  /** Posts of what had come before. */
  duplicates: number;
  /** The longest time without a post, from the first to the last. */
  maxGapMs: number;
}

/** Nothing came for so long: what waits behind an event that was never accepted does so for 30 s, and a term more at worst. */
const stalledMs = 75_000;

/**
 * Waits until a receiver has got everything that was accepted, for as long as anything comes.
 * @returns how long it took, in ms
 */
export async function untilArrived(receiver: FakeReceiver, { accepted }: Publishers): Promise<number> {
  const startedAt = Date.now();
  const missing = new Set(accepted.flat());
  let seen = 0;
  while (missing.size > 0) {
    const { there } = await eventually(
      () => Promise.resolve({ there: receiver.messages.length, missing: missing.size }),
      (counts) => counts.there > seen,
      stalledMs,
    );
    for (; seen < there; seen++) missing.delete(receiver.messages[seen]?.id ?? '');
  }
  return Date.now() - startedAt;
}

/**
 * Everything that was accepted came, as one event each, whole and signed, and nothing else.
 * @param isOrdered each publisher's never went backwards, repetitions included
 */
export function expectArrived(receiver: FakeReceiver, { accepted }: Publishers, isOrdered: boolean): Received {
  expect(receiver.faults).toEqual([]);
  const posts = receiver.requests.map(({ json, at }) => ({ at, ...(json as Post) }));
  accepted.forEach((ids, publisher) => {
    const own = posts.filter(({ data }) => data.publisher === publisher);
    const firsts = [...new Map(own.map(({ id, data }) => [id, data.n]))];
    const wanted = ids.map((id, n) => [id, n] as const);
    expect(isOrdered ? firsts : firsts.sort(([, a], [, b]) => a - b)).toEqual(wanted);
    const numbers = own.map(({ data }) => data.n);
    if (isOrdered) expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  });
  const gaps = posts.slice(1).map(({ at }, index) => at.getTime() - (posts[index]?.at.getTime() ?? 0));
  const events = accepted.flat().length;
  return { events, duplicates: posts.length - events, maxGapMs: Math.max(0, ...gaps) };
}

interface Post {
  id: string;
  data: { publisher: number; n: number };
}
