import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Problem } from '../../../src/http/problem.js';
import { dottedPath, validate } from '../../../src/http/validation.js';

function errorsOf(schema: z.ZodType, value: unknown) {
  try {
    validate(schema, value);
  } catch (error) {
    if (error instanceof Problem) return error.extras.errors;
  }
  throw new Error('It was accepted.');
}

describe('validation', () => {
  it('writes paths with dots and indices', () => {
    expect(dottedPath(['events', 17, 'type'])).toBe('events[17].type');
    expect(dottedPath([0, 'a'])).toBe('[0].a');
    expect(dottedPath([])).toBe('');
  });

  it('names every unknown field, shortened when it is long', () => {
    const schema = z.strictObject({ a: z.strictObject({}) });
    const errors = errorsOf(schema, { a: { b: 1, c: 2 }, ['d'.repeat(500)]: 3 });
    expect(errors?.map((error) => error.path)).toEqual(['a.b', 'a.c', 'd'.repeat(100)]);
  });

  it('takes __proto__ for an unknown field like any other', () => {
    expect(errorsOf(z.strictObject({}), JSON.parse('{"__proto__":{"x":1}}'))).toEqual([
      { path: '__proto__', message: 'is not a known field' },
    ]);
  });

  it('explains a union by its nearest branch', () => {
    const one = z.strictObject({ type: z.string(), data: z.unknown() });
    const schema = z.union([one, z.strictObject({ events: z.array(one) })]);
    expect(
      errorsOf(schema, {
        events: [
          { type: 'a', data: 1 },
          { type: 2, data: 1 },
        ],
      })?.map((e) => e.path),
    ).toEqual(['events[1].type']);
  });

  it('says what a value must be, and leaves messages of the schema alone', () => {
    const schema = z.strictObject({
      title: z.string().min(1).max(500),
      kind: z.enum(['review', 'approval']),
      tags: z.array(z.string()).min(2),
      count: z.number().int().min(1),
      at: z.iso.datetime(),
      url: z.string().refine(() => false, 'must be an http or https URL'),
      missing: z.boolean(),
    });
    const value = { title: '', kind: 'x', tags: ['a'], count: 0.5, at: 'soon', url: 'x' };
    expect(errorsOf(schema, value)).toEqual([
      { path: 'title', message: 'must not be empty' },
      { path: 'kind', message: 'must be one of review, approval' },
      { path: 'tags', message: 'must have at least 2 entries' },
      { path: 'count', message: 'must be a whole number' },
      { path: 'at', message: 'must be a time such as 2026-01-01T00:00:00Z' },
      { path: 'url', message: 'must be an http or https URL' },
      { path: 'missing', message: 'is required' },
    ]);
    expect(errorsOf(z.string().max(5), 'longer')).toEqual([{ path: '', message: 'must have at most 5 characters' }]);
  });

  it('stops at a hundred errors', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`k${n}`, n]));
    expect(errorsOf(z.strictObject({}), many)).toHaveLength(100);
  });
});
