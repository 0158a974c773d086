import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultTimings } from '../../../src/config/timings.js';
import { retryDelayMs } from '../../../src/tickets/retry.js';

const delayOf = (tries: number, askedMs: number | null) => retryDelayMs(defaultTimings.retries, tries, askedMs);

describe('the delay before the next try', () => {
  it('doubles from a second to five minutes, and stays there', () => {
    const delays = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 100, 1e9].map((tries) => delayOf(tries, null) / 1000);
    expect(delays).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
  });

  it('is never shorter than what the tracker asks for, and never shorter than our own', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.nat(86_400_000), (tries, askedMs) => {
        const delay = delayOf(tries, askedMs);
        expect(delay).toBeGreaterThanOrEqual(askedMs);
        expect(delay).toBeGreaterThanOrEqual(delayOf(tries, null));
        expect([askedMs, delayOf(tries, null)]).toContain(delay);
      }),
    );
  });
});
