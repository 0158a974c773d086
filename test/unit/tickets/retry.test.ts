import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryDelayMs } from '../../../src/tickets/retry.js';

describe('the delay before the next try', () => {
  it('doubles from a second to five minutes, and stays there', () => {
    const delays = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 100, 1e9].map((tries) => retryDelayMs(tries, null) / 1000);
    expect(delays).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
  });

  it('is never shorter than what the tracker asks for, and never shorter than our own', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.nat(86_400_000), (tries, askedMs) => {
        const delay = retryDelayMs(tries, askedMs);
        expect(delay).toBeGreaterThanOrEqual(askedMs);
        expect(delay).toBeGreaterThanOrEqual(retryDelayMs(tries, null));
        expect([askedMs, retryDelayMs(tries, null)]).toContain(delay);
      }),
    );
  });
});
