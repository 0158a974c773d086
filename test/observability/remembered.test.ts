import { describe, expect, it } from 'vitest';
import { remember } from '../../src/ops/backlog/remembered.js';

/** A reading that takes a while by a clock of its own, and counts how often it was asked. */
function reading(tookMs: number) {
  const state = { nowMs: 0, asked: 0, fails: false };
  const read = () => {
    state.asked += 1;
    state.nowMs += tookMs;
    return state.fails ? Promise.reject(new Error('away')) : Promise.resolve(state.asked);
  };
  return { state, ask: remember({ read, freshMs: 5_000, now: () => state.nowMs }) };
}

describe('what is read for a scrape', () => {
  it('is read once for all who ask within five seconds', async () => {
    const { state, ask } = reading(1);
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1]);
    state.nowMs += 4_900;
    expect(await ask()).toBe(1);
    state.nowMs += 200;
    expect(await ask()).toBe(2);
  });

  it('is read less often when it takes long, so that it never takes more than a tenth of the time', async () => {
    const { state, ask } = reading(1_000);
    await ask();
    state.nowMs += 9_000;
    expect(await ask()).toBe(1);
    state.nowMs += 2_000;
    expect(await ask()).toBe(2);
  });

  it('is nothing where it fails, and is tried again', async () => {
    const { state, ask } = reading(1);
    state.fails = true;
    expect(await ask()).toBeNull();
    state.fails = false;
    state.nowMs += 6_000;
    expect(await ask()).toBe(2);
  });

  it('is not waited for without end', async () => {
    const ask = remember({ read: () => new Promise<number>(() => undefined), freshMs: 5_000, waitMs: 20 });
    expect(await ask()).toBeNull();
  });
});
