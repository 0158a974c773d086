import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNewestFirst, type FindIn } from '../../../src/db/newest-first.js';
import { firstIdAt, newId } from '../../../src/lib/ids.js';

interface Item {
  _id: string;
}

/** A list as MongoDB has it, and how many of its entries lay within the bounds that were asked for. */
function listOf(times: number[]) {
  const items = times.map((at): Item => ({ _id: newId('esc', at) }));
  items.sort((a, b) => (a._id < b._id ? 1 : -1));
  const read = { entries: 0, queries: 0 };
  const find: FindIn<Item> = ({ since, before }, wanted) => {
    const within = items.filter(({ _id }) => (since === null || _id >= since) && (before === null || _id < before));
    read.entries += within.length;
    read.queries += 1;
    return Promise.resolve(within.slice(0, wanted));
  };
  return { items, find, read };
}

const idOf = ({ _id }: Item) => _id;
const now = Date.UTC(2026, 5, 1);

describe('reading newest first', () => {
  it('finds what sort and limit would, whatever the times, from wherever it goes on', async () => {
    const times = fc.array(fc.oneof(fc.nat(5), fc.nat(100_000), fc.nat(100_000_000_000)), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(times, fc.integer({ min: 1, max: 70 }), fc.nat(59), async (ages, wanted, from) => {
        const { items, find } = listOf(ages.map((age) => now - age));
        const newestFirst = createNewestFirst(idOf);
        for (let round = 0; round < 2; round++) {
          expect(await newestFirst(find, { list: 'a', before: null, wanted })).toEqual(items.slice(0, wanted));
        }
        const before = items[from]?._id;
        if (before === undefined) return;
        const rest = await newestFirst(find, { list: 'a', before, wanted });
        expect(rest).toEqual(items.slice(from + 1, from + 1 + wanted));
      }),
    );
  });

  it.each([
    ['one a second', (n: number) => n * 1_000],
    ['one a day', (n: number) => n * 86_400_000],
    ['a burst of one a millisecond', (n: number) => n],
    ['bursts of twenty, an hour apart', (n: number) => Math.floor(n / 20) * 3_600_000],
  ])('reads little more than is wanted of ten thousand: %s', async (_name, age) => {
    const { items, find, read } = listOf(Array.from({ length: 10_000 }, (_, n) => now - age(n)));
    const newestFirst = createNewestFirst(idOf);
    await newestFirst(find, { list: 'a', before: null, wanted: 51 });
    for (const before of [null, items[5_000]?._id ?? '']) {
      Object.assign(read, { entries: 0, queries: 0 });
      expect(await newestFirst(find, { list: 'a', before, wanted: 51 })).toHaveLength(51);
      expect(read.entries).toBeLessThan(500);
      expect(read.queries).toBeLessThan(16);
    }
  });

  it('finds the same with a hint, an end and caution, and looks no further than the end', async () => {
    const ages = fc.array(fc.oneof(fc.nat(5), fc.nat(100_000), fc.nat(100_000_000)), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(ages, fc.nat(100_000), fc.integer({ min: 1, max: 50 }), async (times, endAge, wanted) => {
        const { items, find } = listOf(times.map((age) => now - age));
        const since = firstIdAt('esc', now - endAge);
        const sinces: (string | null)[] = [];
        const watched: FindIn<Item> = (stretch, limit) => {
          sinces.push(stretch.since);
          return find(stretch, limit);
        };
        const newestFirst = createNewestFirst(idOf, { firstSpanMs: 50, growth: 6 });
        const reading = { list: 'a', before: null, since, hint: newId('esc', now + 1_000), wanted };
        const within = items.filter(({ _id }) => _id >= since);
        for (let round = 0; round < 2; round++) {
          expect(await newestFirst(watched, reading)).toEqual(within.slice(0, wanted));
        }
        expect(sinces.every((round) => round !== null && round >= since)).toBe(true);
      }),
    );
  });

  it('reads little of a dense burst that it is hinted at, also when it has come since the last look', async () => {
    const burst = listOf(Array.from({ length: 20_000 }, (_, n) => now - n * 5));
    const former = listOf([now - 7_200_000]);
    for (const sinces of [[burst], [former, burst, burst]]) {
      const newestFirst = createNewestFirst(idOf, { firstSpanMs: 50, growth: 6 });
      burst.read.entries = 0;
      for (const { items, find } of sinces) {
        const hint = newId('esc', now + 300);
        const found = await newestFirst(find, { list: 'a', before: null, hint, wanted: 51 });
        expect(found).toEqual(items.slice(0, 51));
      }
      expect(burst.read.entries).toBeLessThan(2_000);
    }
  });

  it('keeps each list’s newest apart, and is not led astray by ids that are none of ours', async () => {
    const newestFirst = createNewestFirst(idOf);
    const [recent, old] = [listOf([now]), listOf([now - 86_400_000])];
    for (let round = 0; round < 2; round++) {
      expect(await newestFirst(recent.find, { list: 'a', before: null, wanted: 5 })).toEqual(recent.items);
      expect(await newestFirst(old.find, { list: 'b', before: null, wanted: 5 })).toEqual(old.items);
    }
    for (const before of ['esc_', '~', 'esc_zzz', '']) {
      const expected = recent.items.filter(({ _id }) => _id < before);
      expect(await newestFirst(recent.find, { list: 'a', before, wanted: 5 })).toEqual(expected);
    }
  });
});
