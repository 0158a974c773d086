import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNewestFirst, type FindIn } from '../../../src/escalations/newest-first.js';
import { newId } from '../../../src/ids.js';

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

const now = Date.UTC(2026, 5, 1);

describe('reading newest first', () => {
  it('finds what sort and limit would, whatever the times, from wherever it goes on', async () => {
    const times = fc.array(fc.oneof(fc.nat(5), fc.nat(100_000), fc.nat(100_000_000_000)), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(times, fc.integer({ min: 1, max: 70 }), fc.nat(59), async (ages, wanted, from) => {
        const { items, find } = listOf(ages.map((age) => now - age));
        const newestFirst = createNewestFirst();
        for (let look = 0; look < 2; look++) {
          expect(await newestFirst(find, { orgId: 'a', before: null, wanted })).toEqual(items.slice(0, wanted));
        }
        const before = items[from]?._id;
        if (before === undefined) return;
        const rest = await newestFirst(find, { orgId: 'a', before, wanted });
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
    const newestFirst = createNewestFirst();
    await newestFirst(find, { orgId: 'a', before: null, wanted: 51 });
    for (const before of [null, items[5_000]?._id ?? '']) {
      Object.assign(read, { entries: 0, queries: 0 });
      expect(await newestFirst(find, { orgId: 'a', before, wanted: 51 })).toHaveLength(51);
      expect(read.entries).toBeLessThan(500);
      expect(read.queries).toBeLessThan(16);
    }
  });

  it('keeps each org’s newest apart, and is not led astray by ids that are none of ours', async () => {
    const newestFirst = createNewestFirst();
    const [recent, old] = [listOf([now]), listOf([now - 86_400_000])];
    for (let look = 0; look < 2; look++) {
      expect(await newestFirst(recent.find, { orgId: 'a', before: null, wanted: 5 })).toEqual(recent.items);
      expect(await newestFirst(old.find, { orgId: 'b', before: null, wanted: 5 })).toEqual(old.items);
    }
    for (const before of ['esc_', '~', 'esc_zzz', '']) {
      const expected = recent.items.filter(({ _id }) => _id < before);
      expect(await newestFirst(recent.find, { orgId: 'a', before, wanted: 5 })).toEqual(expected);
    }
  });
});
