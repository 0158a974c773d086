import { expect, it } from 'vitest';
import { parseForeignTime } from '../../../src/lib/foreign-time.js';

it.each([
  '2026-05-01T10:00:00.000Z',
  '2026-05-01T10:00:00z',
  '2026-05-01T10:00Z',
  '2026-05-01 10:00:00',
  '2026-05-01 10:00:00 UTC',
  '2026-05-01T12:00:00+0200',
  '2026-05-01T12:00:00+02',
  '2026-05-01T12:00:00.000+02:00',
  ' 2026-05-01 12:00:00,000 +0200 ',
  'Fri, 01 May 2026 10:00:00 GMT',
  'Fri, 01 May 2026 12:00:00 +0200',
  '1777629600',
  1777629600,
  1777629600000,
])('reads %j as ten o’clock', (time) => {
  expect(parseForeignTime(time)?.toISOString()).toBe('2026-05-01T10:00:00.000Z');
});

it('reads a date as its first moment', () => {
  expect(parseForeignTime('2026-05-01')?.toISOString()).toBe('2026-05-01T00:00:00.000Z');
});

it.each([
  '',
  'yesterday',
  '2026-13-01',
  '2026-05-01T25:00:00Z',
  '05/01/2026',
  '17',
  'x'.repeat(100_000),
  null,
  {},
  Number.NaN,
])('takes %j for no time', (time) => {
  expect(parseForeignTime(time)).toBeNull();
});
