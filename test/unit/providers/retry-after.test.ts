import { describe, expect, it } from 'vitest';
import { retryAfterMs } from '../../../src/lib/retry-after.js';

const now = Date.parse('2026-01-01T00:00:00.000Z');

describe('Retry-After', () => {
  it.each<[string | string[] | undefined, number | null]>([
    ['0', 0],
    ['120', 120_000],
    [' 5 ', 5_000],
    ['1.5', 1_500],
    [['3', '9'], 3_000],
    ['86401', 86_400_000],
    ['9'.repeat(400), 86_400_000],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
    ['Thursday, 01-Jan-26 00:01:00 GMT', 60_000],
    ['Thu Jan  1 00:01:00 2026 GMT', 60_000],
    ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
    ['Fri, 01 Jan 2027 00:00:00 GMT', 86_400_000],
    ['-5', null],
    ['2027', 2_027_000],
    ['2026-01-01', null],
    ['soon', null],
    ['', null],
    [undefined, null],
  ])('%j is %j ms', (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });
});
