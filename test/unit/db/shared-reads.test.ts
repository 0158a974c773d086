import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createSharedReads } from '../../../src/db/shared-reads.js';

/** Reads that end when a test says so; each sees what there was when it began. */
function heldReads() {
  const world = { version: 1 };
  const begun: { keys: string[]; end: () => void; fail: () => void }[] = [];
  const read = createSharedReads((keys) => {
    const seen = new Map(keys.filter((key) => key !== 'none').map((key) => [key, `${key}${world.version}`]));
    return new Promise<Map<string, string>>((resolve, reject) => {
      begun.push({ keys, end: () => resolve(seen), fail: () => reject(new Error('unread')) });
    });
  });
  return { world, begun, read };
}

describe('a shared read', () => {
  it('is one for all who ask in the same turn, whatever they ask for', async () => {
    const { begun, read } = heldReads();
    const all = Promise.all([read('a'), read('b'), read('a'), read('none')]);
    await turn();
    expect(begun.map(({ keys }) => keys)).toEqual([['a', 'b', 'none']]);
    begun[0]?.end();
    await expect(all).resolves.toEqual(['a1', 'b1', 'a1', undefined]);
  });

  it('gives nobody what was read before they asked', async () => {
    const { world, begun, read } = heldReads();
    const early = read('a');
    await turn();
    world.version = 2;
    const late = Promise.all([read('a'), read('b')]);
    begun[0]?.end();
    await expect(early).resolves.toBe('a1');
    await expect.poll(() => begun.length).toBe(2);
    begun[1]?.end();
    await expect(late).resolves.toEqual(['a2', 'b2']);
  });

  it('that fails, fails for those who shared it, and the next one is another', async () => {
    const { begun, read } = heldReads();
    const failing = Promise.allSettled([read('a'), read('a')]);
    await turn();
    const next = read('a');
    begun[0]?.fail();
    expect((await failing).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect.poll(() => begun.length).toBe(2);
    begun[1]?.end();
    await expect(next).resolves.toBe('a1');
    expect(begun).toHaveLength(2);
  });
});
