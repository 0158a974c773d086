import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { decodeCursor, encodeCursor, page, pagingQuery } from '../../../src/http/paging.js';

const shape = z.tuple([z.iso.datetime(), z.string()]);
const query = z.strictObject({ ...pagingQuery });

describe('cursors', () => {
  it('come back as they went out', () => {
    fc.assert(
      fc.property(fc.string(), (id) => {
        const values = ['2026-01-01T00:00:00.000Z', id];
        expect(decodeCursor(encodeCursor(values), shape)).toEqual(values);
      }),
    );
  });

  it('are refused when they are not ours, whatever they are', () => {
    for (const text of [
      '',
      'x',
      '!!',
      'bnVsbA',
      encodeCursor([1]),
      encodeCursor(['today', 'x']),
      encodeCursor([{ $gt: '' }]),
    ]) {
      expect(() => decodeCursor(text, shape)).toThrow(
        expect.objectContaining({ status: 422, code: 'validation_failed' }),
      );
    }
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => decodeCursor(text, shape)).toThrow();
      }),
    );
  });
});

describe('pages', () => {
  it('end without a cursor, and go on with one', () => {
    expect(page([1, 2], 2, (last) => [last])).toEqual({ data: [1, 2], next_cursor: null });
    expect(page([1, 2, 3], 2, (last) => [last])).toEqual({ data: [1, 2], next_cursor: encodeCursor([2]) });
    expect(page([], 2, () => [])).toEqual({ data: [], next_cursor: null });
  });

  it('have 50 entries by default, and 1 to 200 when asked', () => {
    expect(query.parse({}).limit).toBe(50);
    expect(query.parse({ limit: '200' }).limit).toBe(200);
    for (const limit of ['0', '201', '-1', '1.5', '1e2', '', 'ten', ' 5'])
      expect(query.safeParse({ limit }).success).toBe(false);
  });
});
