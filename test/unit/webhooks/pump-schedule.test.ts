import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryDelayMs } from '../../../src/webhooks/pump/schedule.js';

const delays = [5_000, 300_000, 1_800_000];
const random = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

describe('the retry schedule', () => {
  it('takes each delay in turn, 20 % more or less', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), random, (failures, chance) => {
        const delay = retryDelayMs(delays, failures, { retryAfterMs: null, random: chance }) ?? 0;
        const planned = delays[failures - 1] ?? 0;
        expect(delay).toBeGreaterThanOrEqual(planned * 0.8);
        expect(delay).toBeLessThanOrEqual(planned * 1.2);
      }),
    );
    expect(retryDelayMs(delays, 1, { retryAfterMs: null, random: 0 })).toBe(4_000);
    expect(retryDelayMs(delays, 1, { retryAfterMs: null, random: 0.999 })).toBe(6_000);
  });

  it('ends after as many delays as it has', () => {
    expect(retryDelayMs(delays, 4, { retryAfterMs: 10_000, random: 0.5 })).toBeNull();
    expect(retryDelayMs([], 1, { retryAfterMs: null, random: 0.5 })).toBeNull();
  });

  it('waits no shorter than the receiver asks, and a day at most', () => {
    expect(retryDelayMs(delays, 1, { retryAfterMs: 60_000, random: 0.5 })).toBe(60_000);
    expect(retryDelayMs(delays, 1, { retryAfterMs: 1_000, random: 0 })).toBe(4_000);
    expect(retryDelayMs(delays, 1, { retryAfterMs: 1e12, random: 0 })).toBe(86_400_000);
  });
});
