import { describe, expect, it } from 'vitest';
import { localToUtc } from '../../../src/console/forms/field.js';

describe('a time that was typed', () => {
  it.each([
    ['2026-05-01T12:00', '', '2026-05-01T12:00:00.000Z'],
    ['2026-05-01T12:00', '-540', '2026-05-01T03:00:00.000Z'],
    ['2026-05-01T12:00:30', '210', '2026-05-01T15:30:30.000Z'],
    ['2026-05-01T12:00', 'seven', '2026-05-01T12:00:00.000Z'],
    ['', '60', ''],
    ['soon', '60', 'soon'],
  ])('%s, %s minutes away from UTC, is %s', (typed, offset, utc) => {
    expect(localToUtc(typed, offset)).toBe(utc);
  });
});
