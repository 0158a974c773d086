import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTokenBucket } from '../../../src/webhooks/pump/token-bucket.js';

/** Takes one whenever it may, for so long. @returns the times */
function taken(rate: number, forMs: number): number[] {
  const bucket = createTokenBucket(rate);
  const times: number[] = [];
  for (let now = 0; now < forMs;) {
    const waitMs = bucket.waitMs(now);
    if (waitMs === 0) {
      bucket.take(now);
      times.push(now);
    } else now += waitMs;
  }
  return times;
}

describe('a token bucket', () => {
  it('lets no more go in any second than it may, but for a fiftieth', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), (rate) => {
        const times = taken(rate, 2_500);
        const max = Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length));
        expect(max).toBeLessThanOrEqual(Math.ceil(rate * 1.02) + 1);
      }),
      { numRuns: 30 },
    );
  });

  it('lets go about as many as it may', () => {
    for (const rate of [1, 7, 50, 1_000]) expect(taken(rate, 4_000).length).toBeGreaterThanOrEqual(rate * 4 * 0.9);
  });

  it('keeps nothing of an idle hour', () => {
    const bucket = createTokenBucket(5);
    bucket.take(0);
    expect(bucket.waitMs(3_600_000)).toBe(0);
    bucket.take(3_600_000);
    expect(bucket.waitMs(3_600_000)).toBe(200);
  });
});
