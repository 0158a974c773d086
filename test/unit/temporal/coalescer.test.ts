import { describe, expect, it } from 'vitest';
import { createCoalescer } from '../../../src/temporal/coalescer.js';

/** Calls that a test ends by hand. */
function manualCalls() {
  const begun: { highest: number; end: () => void; fail: (error: Error) => void }[] = [];
  const call = (highest: number) =>
    new Promise<void>((resolve, reject) => void begun.push({ highest, end: resolve, fail: reject }));
  return { begun, call, numbers: () => begun.map(({ highest }) => highest) };
}

const longMs = 60_000;
/** Lets everything happen that needs no timer. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const note = () => void (settled = true);
  promise.then(note, note);
  await settle();
  return settled;
}

describe('the coalescer', () => {
  it('lets one call a key wait at a time; those that come meanwhile share the next, for the highest number', async () => {
    const [coalescer, { begun, call, numbers }] = [createCoalescer(), manualCalls()];
    const first = coalescer.run('a', 2, longMs, call);
    const later = [3, 7, 5].map((number) => coalescer.run('a', number, longMs, call));
    await settle();
    expect(numbers()).toEqual([2]);
    begun[0]?.end();
    await first;
    await settle();
    expect(numbers()).toEqual([2, 7]);
    expect(await isSettled(Promise.race(later))).toBe(false);
    begun[1]?.end();
    await Promise.all(later);
    expect(numbers()).toEqual([2, 7]);
  });

  it('joins the call that is on its way when that asks for as much', async () => {
    const [coalescer, { begun, call, numbers }] = [createCoalescer(), manualCalls()];
    const waits = [
      coalescer.run('a', 5, longMs, call),
      coalescer.run('a', 5, longMs, call),
      coalescer.run('a', 4, longMs, call),
    ];
    begun[0]?.end();
    await Promise.all(waits);
    expect(numbers()).toEqual([5]);
  });

  it('keeps keys apart', async () => {
    const [coalescer, { begun, call, numbers }] = [createCoalescer(), manualCalls()];
    const waits = [coalescer.run('a', 1, longMs, call), coalescer.run('b', 9, longMs, call)];
    expect(numbers()).toEqual([1, 9]);
    for (const { end } of begun) end();
    await Promise.all(waits);
  });

  it('lets a caller go when its time is up, and the call go on for the others', async () => {
    const [coalescer, { begun, call }] = [createCoalescer(), manualCalls()];
    const patient = coalescer.run('a', 1, longMs, call);
    await coalescer.run('a', 1, 10, call);
    expect(await isSettled(patient)).toBe(false);
    begun[0]?.end();
    await patient;
  });

  it('makes the next call after one that failed, and tells only its own callers', async () => {
    const [coalescer, { begun, call, numbers }] = [createCoalescer(), manualCalls()];
    const first = coalescer.run('a', 1, longMs, call);
    const second = coalescer.run('a', 2, longMs, call);
    begun[0]?.fail(new Error('no server'));
    await expect(first).rejects.toThrow('no server');
    await settle();
    expect(numbers()).toEqual([1, 2]);
    begun[1]?.end();
    await second;
  });

  it('is free again after a call that failed, or that threw before it began', async () => {
    const [coalescer, { begun, call, numbers }] = [createCoalescer(), manualCalls()];
    const broken = () => {
      throw new Error('not even begun');
    };
    await expect(coalescer.run('a', 1, longMs, broken)).rejects.toThrow('not even begun');
    const next = coalescer.run('a', 1, longMs, call);
    await settle();
    expect(numbers()).toEqual([1]);
    begun[0]?.end();
    await next;
  });

  it('makes one call after another for as long as callers come, and never two at once', async () => {
    const coalescer = createCoalescer();
    const asked: number[] = [];
    let [running, atOnce] = [0, 0];
    const call = async (highest: number) => {
      asked.push(highest);
      atOnce = Math.max(atOnce, ++running);
      await new Promise((resolve) => setTimeout(resolve, 2));
      running -= 1;
    };
    const covered = async (number: number) => {
      await new Promise((resolve) => setTimeout(resolve, number % 17));
      await coalescer.run('a', number, longMs, call);
      expect(Math.max(...asked)).toBeGreaterThanOrEqual(number);
    };
    await Promise.all(Array.from({ length: 100 }, (_, index) => covered(index + 1)));
    expect(atOnce).toBe(1);
    expect(asked.length).toBeLessThan(50);
  });
});
