import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oldestFirst, type FindBetween } from '../../../src/db/oldest-first.js';
import { newId } from '../../../src/lib/ids.js';

/** A list as MongoDB has it, and how many of its entries lay within the bounds that were asked for. */
function listOf(times: number[]) {
  const ids = times.map((at) => newId('evt', at)).sort();
  const read = { entries: 0, queries: 0 };
  const find: FindBetween<string> = ({ after, before }, limit) => {
    const within = ids.filter((id) => id > after && id < before);
    read.entries += within.length;
    read.queries += 1;
    return Promise.resolve(within.slice(0, limit));
  };
  return { ids, find, read };
}

const now = Date.UTC(2026, 5, 1);
const day = 86_400_000;

async function allOf(find: FindBetween<string>, sinceMs: number, limit: number): Promise<string[][]> {
  const batches: string[][] = [];
  const options = { prefix: 'evt', idOf: (id: string) => id, sinceMs, untilMs: now + 1, max: limit };
  for await (const batch of oldestFirst(find, options)) batches.push(batch);
  return batches;
}

describe('reading oldest first', () => {
  it('brings all of a time, each once and in its order, in batches that are not too large', async () => {
    const times = fc.array(fc.oneof(fc.nat(5), fc.nat(100_000), fc.nat(30 * day)), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(times, fc.nat(40 * day), fc.integer({ min: 1, max: 20 }), async (ages, sinceAge, limit) => {
        const { ids, find } = listOf(ages.map((age) => now - age));
        const since = now - sinceAge;
        const batches = await allOf(find, since, limit);
        const wanted = ids.filter(
          (_, index) => (ages.map((age) => now - age).sort((a, b) => a - b)[index] ?? 0) >= since,
        );
        expect(batches.flat()).toEqual(wanted);
        expect(batches.every(({ length }) => length > 0 && length <= limit)).toBe(true);
      }),
    );
  });

  it.each([
    ['one a second', (n: number) => n * 1_000],
    ['a burst of one a millisecond', (n: number) => n],
    ['all at once, a week ago', () => 7 * day],
    ['bursts of two thousand, six hours apart', (n: number) => Math.floor(n / 2_000) * 6 * 3_600_000],
  ])('reads each entry few times over: %s', async (name, age) => {
    const { ids, find, read } = listOf(Array.from({ length: 10_000 }, (_, n) => now - age(n)));
    expect((await allOf(find, now - 30 * day, 1_000)).flat()).toEqual(ids);
    // Nothing narrows what came in one millisecond.
    expect(read.entries).toBeLessThan(name.startsWith('all at once') ? 70_000 : 30_000);
    expect(read.queries).toBeLessThan(150);
  });
});
