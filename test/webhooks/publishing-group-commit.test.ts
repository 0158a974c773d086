import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGroupCommit, type GroupCommitOptions } from '../../src/webhooks/publishing/group-commit.js';

type Options = Partial<GroupCommitOptions<number, string>>;

/** Groups whose writes end when a test says so. */
function held(options: Options = {}) {
  const groups: { items: readonly number[]; end: () => void; fail: (error: Error) => void }[] = [];
  const add = createGroupCommit<number, string>({
    commit: (items) =>
      new Promise((resolve, reject) => {
        groups.push({ items, end: () => resolve(items.map((item) => `did ${item}`)), fail: reject });
      }),
    weightOf: () => 1,
    maxWeight: 100,
    concernsAll: () => true,
    patienceMs: 60_000,
    ...options,
  });
  return { add, groups, items: () => groups.map((group) => [...group.items]) };
}

describe('a group commit', () => {
  it('writes what comes alone at once', async () => {
    const { add, groups, items } = held();
    const one = add(1);
    await turn();
    expect(items()).toEqual([[1]]);
    groups[0]?.end();
    await expect(one).resolves.toBe('did 1');
  });

  it('writes what comes in one turn of the event loop together, each with its own result', async () => {
    const { add, groups, items } = held();
    const all = Promise.all([add(1), add(2), add(3)]);
    await turn();
    expect(items()).toEqual([[1, 2, 3]]);
    groups[0]?.end();
    await expect(all).resolves.toEqual(['did 1', 'did 2', 'did 3']);
  });

  it('writes what comes while a group is on its way when that one has ended', async () => {
    const { add, groups, items } = held();
    const all = [add(1)];
    await turn();
    all.push(add(2), add(3));
    await turn();
    expect(items()).toEqual([[1]]);
    groups[0]?.end();
    await all[0];
    await turn();
    expect(items()).toEqual([[1], [2, 3]]);
    groups[1]?.end();
    await Promise.all(all);
  });

  it('does not wait for another group for long', async () => {
    const { add, groups, items } = held({ patienceMs: 1 });
    const all = [add(1)];
    await turn();
    all.push(add(2));
    await expect.poll(items).toEqual([[1], [2]]);
    for (const { end } of groups) end();
    await Promise.all(all);
  });

  it('has no more groups on their way than it may', async () => {
    const { add, groups, items } = held({ patienceMs: 0, groupsAtOnce: 2, maxWeight: 1 });
    const all = Promise.all([1, 2, 3, 4].map(add));
    await expect.poll(items).toEqual([[1], [2]]);
    await turn();
    expect(items()).toHaveLength(2);
    groups[0]?.end();
    await expect.poll(items).toEqual([[1], [2], [3]]);
    groups[1]?.end();
    groups[2]?.end();
    await expect.poll(items).toHaveLength(4);
    groups[3]?.end();
    await all;
  });

  it('keeps a group below its weight, and writes what is heavier by itself', async () => {
    const { add, groups, items } = held({ weightOf: (item) => item, maxWeight: 10, groupsAtOnce: 9, patienceMs: 0 });
    const all = Promise.all([6, 4, 1, 30, 2].map(add));
    await expect.poll(items).toEqual([[6, 4], [1], [30], [2]]);
    for (const { end } of groups) end();
    await all;
  });

  it('gives the error that concerns all to all, without another try', async () => {
    const { add, groups } = held();
    const all = Promise.allSettled([add(1), add(2)]);
    await turn();
    groups[0]?.fail(new Error('away'));
    expect((await all).map((one) => one.status)).toEqual(['rejected', 'rejected']);
    expect(groups).toHaveLength(1);
  });

  it('gives it at once to those who wait behind the group, too', async () => {
    const { add, groups } = held({ groupsAtOnce: 1 });
    const all = [add(1)];
    await turn();
    all.push(add(2), add(3));
    groups[0]?.fail(new Error('away'));
    expect((await Promise.allSettled(all)).map((one) => one.status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(groups).toHaveLength(1);
    const next = add(4);
    await turn();
    groups[1]?.end();
    await expect(next).resolves.toBe('did 4');
  });

  it('stops halving a group as soon as an error concerns all', async () => {
    const tries: number[] = [];
    const add = createGroupCommit<number, string>({
      commit: (items) => {
        tries.push(items.length);
        return Promise.reject(new Error(items.length === 8 ? 'refused' : 'away'));
      },
      weightOf: () => 1,
      maxWeight: 100,
      concernsAll: (error) => (error as Error).message === 'away',
    });
    const all = await Promise.allSettled([1, 2, 3, 4, 5, 6, 7, 8].map(add));
    expect(all.map((one) => one.status === 'rejected' && (one.reason as Error).message)).toEqual(
      Array.from({ length: 8 }, () => 'away'),
    );
    expect(tries).toEqual([8, 4]);
  });

  it('goes on after a failure', async () => {
    const { add, groups } = held();
    const lost = add(1);
    await turn();
    groups[0]?.fail(new Error('away'));
    await expect(lost).rejects.toThrow('away');
    const next = add(2);
    await turn();
    groups[1]?.end();
    await expect(next).resolves.toBe('did 2');
  });

  it('lets those fail that cannot be written, and nobody else', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }), fc.integer(), async (good, seed) => {
        const written: number[] = [];
        const repeated: boolean[] = [];
        const add = createGroupCommit<number, string>({
          commit: async (items, again) => {
            await turn();
            repeated.push(again);
            const bad = items.find((item) => good[item] === false);
            if (bad !== undefined) throw new Error(`bad ${bad}`);
            written.push(...items);
            return items.map((item) => `did ${item}`);
          },
          weightOf: (item) => 1 + ((item + Math.abs(seed)) % 3),
          maxWeight: 20,
          concernsAll: () => false,
          groupsAtOnce: 3,
          patienceMs: 0,
        });
        const all = await Promise.allSettled(good.map((_, item) => add(item)));
        expect(all.map((one) => (one.status === 'fulfilled' ? one.value : String(one.reason)))).toEqual(
          good.map((isGood, item) => (isGood ? `did ${item}` : `Error: bad ${item}`)),
        );
        expect(written.sort((a, b) => a - b)).toEqual(good.flatMap((isGood, item) => (isGood ? [item] : [])));
        // A repetition is told that it is one.
        expect(repeated[0]).toBe(false);
      }),
      { numRuns: 50 },
    );
  });
});
