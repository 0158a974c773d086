import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createSharedRead } from '../../src/events/shared-read.js';

/** Reads that end when a test says so; each sees what there was when it began. */
function heldReads() {
  const world = { version: 1 };
  const begun: { key: string; end: () => void; fail: () => void }[] = [];
  const read = createSharedRead((key: string) => {
    const seen = world.version;
    return new Promise<number>((resolve, reject) => {
      begun.push({ key, end: () => resolve(seen), fail: () => reject(new Error('unread')) });
    });
  });
  return { world, begun, read };
}

describe('a shared read', () => {
  it('is one for all who ask in the same turn', async () => {
    const { begun, read } = heldReads();
    const all = Promise.all([read('a'), read('a'), read('a')]);
    await turn();
    expect(begun).toHaveLength(1);
    begun[0]?.end();
    await expect(all).resolves.toEqual([1, 1, 1]);
  });

  it('gives nobody what was read before they asked', async () => {
    const { world, begun, read } = heldReads();
    const early = read('a');
    await turn();
    world.version = 2;
    const late = Promise.all([read('a'), read('a')]);
    begun[0]?.end();
    await expect(early).resolves.toBe(1);
    await expect.poll(() => begun.length).toBe(2);
    begun[1]?.end();
    await expect(late).resolves.toEqual([2, 2]);
  });

  it('keeps one key from waiting for another', async () => {
    const { begun, read } = heldReads();
    const all = Promise.all([read('a'), read('b')]);
    await turn();
    expect(begun.map(({ key }) => key)).toEqual(['a', 'b']);
    for (const { end } of begun) end();
    await all;
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
    await expect(next).resolves.toBe(1);
    expect(begun).toHaveLength(2);
  });
});
