import fc from 'fast-check';
import { $and, $eq, $exists, $gt, $gte, $in, $lt, $lte, $ne, $nin, $nor, $not, $or, createQueryTester } from 'sift';
import { describe, expect, it } from 'vitest';
import { compilePolicies, type Policy } from '../../../src/escalations/policies/evaluate.js';
import { createFinders } from '../../../src/escalations/policies/finders.js';
import { matchProblems, type Match } from '../../../src/escalations/policies/match.js';

const policy = (match: Match): Policy => ({
  id: 'p',
  name: 'P',
  enabled: true,
  match,
  severity: 'high',
  title: null,
  kind: 'review',
});
const finds = (match: Match, data: unknown) => compilePolicies([policy(match)])(data) !== null;

const operations = { $and, $or, $nor, $not, $eq, $ne, $gt, $gte, $lt, $lte, $in, $nin, $exists };
/** sift itself, on the whole event: slow where arrays are long, and what its answers are measured by. */
const siftFinds = (match: Match, data: unknown) => createQueryTester(match, { operations })(data);

const names = fc.constantFrom('a', 'b', 'c');
const { data } = fc.letrec<{ data: object; value: unknown }>((tie) => ({
  data: fc.dictionary(names, tie('value'), { noNullPrototype: true }),
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom<unknown>(0, 1, 2, -1, 1.5, 'a', 'b', '', true, false, null),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('data'),
  ),
}));

const scalar = fc.constantFrom<unknown>(0, 1, 2, 1.5, 'a', 'b', '', true, false, null);
const ordered = fc.constantFrom<unknown>(0, 1, 2, 1.5, 'a', 'b', true);
const path = fc.array(names, { minLength: 1, maxLength: 3 }).map((segments) => segments.join('.'));
const { match } = fc.letrec<{ match: Match; operators: object; operand: unknown }>((tie) => ({
  operators: fc
    .record(
      {
        $eq: scalar,
        $ne: scalar,
        $gt: ordered,
        $gte: ordered,
        $lt: ordered,
        $lte: ordered,
        $in: fc.array(scalar, { maxLength: 3 }),
        $nin: fc.array(scalar, { maxLength: 3 }),
        $exists: fc.boolean(),
        $not: tie('operators'),
      },
      { requiredKeys: [] },
    )
    .map((all) => Object.fromEntries(Object.entries(all).slice(0, 2)))
    .filter((all) => Object.keys(all).length > 0),
  operand: fc.oneof(scalar, tie('operators')),
  match: fc.oneof(
    { maxDepth: 3 },
    fc.dictionary(path, tie('operand'), { maxKeys: 2, noNullPrototype: true }),
    fc.record({ $or: fc.array(tie('match'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ $nor: fc.array(tie('match'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ $and: fc.array(tie('match'), { minLength: 1, maxLength: 3 }) }),
  ),
}));

/** As it would come out of a request. */
const plain = <T>(value: T) => JSON.parse(JSON.stringify(value)) as T;

describe('a match, read once', () => {
  it('finds what sift finds on the whole event', () => {
    fc.assert(
      fc.property(match.map(plain), data.map(plain), (asked, event) => {
        fc.pre(matchProblems(asked, 'match').length === 0);
        expect(finds(asked, event)).toBe(siftFinds(asked, event));
      }),
      { numRuns: 2_000 },
    );
  });
});

/** The same data; `reads` counts how often anything in it is looked at. */
function counted<T extends object>(data: T) {
  const count = { reads: 0 };
  const wrap = (value: unknown): unknown =>
    typeof value === 'object' && value !== null
      ? new Proxy(value, {
          get: (target, key) => (count.reads++, wrap(Reflect.get(target, key))),
          ownKeys: (target) => (count.reads++, Reflect.ownKeys(target)),
        })
      : value;
  return { data: wrap(data) as T, count };
}

const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));
const fields = (count: number, operand: (index: number) => unknown, prefix = 'a.b') =>
  Object.fromEntries(times(count, (index) => [`${prefix}${index}`, operand(index)]));

/** Each has all the nodes that a match may have, and asks for something that is never there. */
const worstMatches: [string, Match][] = [
  ['a list', { a: { $in: times(97, (index) => index + 5) } }],
  ['alternatives', { $or: times(48, (index) => ({ a: index + 5 })) }],
  ['alternatives on many paths', { $or: times(48, (index) => ({ [`a.b${index}`]: index + 5 })) }],
  ['many paths', { ...fields(31, () => ({ $not: { $gt: 5 } })), a: 9 }],
  ['many indexes', { $or: times(48, (index) => ({ [`a.${index * 1000}`]: 'x' })) }],
];
/** A quarter of a megabyte each, as an event may have. */
const worstEvents: [string, { a: unknown }][] = [
  ['numbers', { a: times(131_000, () => 1) }],
  ['objects', { a: times(87_000, () => ({})) }],
  ['objects with a field', { a: times(26_000, () => ({ b1: 1 })) }],
  ['short lists', { a: times(65_000, () => [0]) }],
];

describe('what an event costs', () => {
  it.each(worstMatches)('is the same for one condition and a hundred policies with %s', (_, worst) => {
    expect(matchProblems(worst, 'match')).toEqual([]);
    const everyone = compilePolicies(times(100, () => policy(worst)));
    const one = compilePolicies([policy({ a: 'never' })]);
    for (const [, event] of worstEvents) {
      const [asked, least] = [counted(event), counted(event)];
      expect(everyone(asked.data)).toBeNull();
      expect(one(least.data)).toBeNull();
      expect(asked.count.reads).toBeLessThan(2 * least.count.reads + 10_000);
    }
  });

  it.each(worstEvents)('is no more than some readings of its text, with %s', (_, event) => {
    const text = JSON.stringify(event);
    const find = compilePolicies(worstMatches.map(([, worst]) => policy(worst)));
    const cheapest = (run: () => unknown) =>
      Math.min(
        ...times(5, () => {
          const started = performance.now();
          run();
          return performance.now() - started;
        }),
      );
    const parsing = cheapest(() => JSON.parse(text) as unknown);
    expect(cheapest(() => find(event))).toBeLessThan(40 * parsing + 20);
  });

  it('does not depend on how deep it is: nothing overflows', () => {
    const deep = (levels: number, wrap: (inner: unknown) => unknown) => {
      let value: unknown = 1;
      for (let level = 0; level < levels; level++) value = wrap(value);
      return value;
    };
    expect(finds({ a: 1 }, { a: deep(120_000, (inner) => [inner]) })).toBe(true);
    expect(finds({ a: 1 }, { a: deep(40_000, (inner) => ({ a: inner })) })).toBe(false);
    const path = Array.from({ length: 500 }, () => 'a').join('.');
    expect(
      finds(
        { [path]: 1 },
        deep(500, (inner) => ({ a: inner })),
      ),
    ).toBe(true);
  });
});

describe('the names of fields', () => {
  it.each(['toJSON', 'hasOwnProperty', 'valueOf', 'length', 'x.$where', 'f0', '0', 'a..b', ' ', 'ключ', '\u0000'])(
    '%j is a name like any other',
    (name) => {
      const nested = name.split('.').reduceRight<unknown>((inner, segment) => ({ [segment]: inner }), 'here');
      expect(matchProblems({ [name]: 'here' }, 'match')).toEqual([]);
      expect(finds({ [name]: 'here' }, nested)).toBe(true);
      for (const other of [{}, { a: 'text' }, { a: [] }])
        expect(finds({ [name]: { $exists: true } }, other)).toBe(false);
    },
  );

  it('counts the elements of arrays, where it is a number', () => {
    expect(finds({ 'a.1': 'y' }, { a: ['x', 'y'] })).toBe(true);
    expect(finds({ 'a.1': 'x' }, { a: ['x', 'y'] })).toBe(false);
    expect(finds({ 'a.0.b': 1 }, { a: [{ b: 1 }] })).toBe(true);
    expect(finds({ 'a.5': { $exists: true } }, { a: ['x'] })).toBe(false);
    expect(finds({ 'a.5': null }, { a: ['x'] })).toBe(true);
    expect(finds({ 'a.0': null }, { a: ['x', 'y'] })).toBe(false);
  });
});

describe('the finders that are kept', () => {
  const entry = (version: number, characters = 1) => ({ version, characters, find: () => null });

  it('are of one version', () => {
    const finders = createFinders();
    const made = entry(1);
    finders.put('org', made);
    expect(finders.get('org', 1)).toBe(made.find);
    expect(finders.get('org', 2)).toBeNull();
    expect(finders.get('other', 1)).toBeNull();
  });

  it('are those asked for last, as many as there is room for', () => {
    const finders = createFinders({ orgs: 2, characters: 100 });
    finders.put('a', entry(1));
    finders.put('b', entry(1));
    finders.get('a', 1);
    finders.put('c', entry(1));
    const kept = () => ['a', 'b', 'c'].filter((org) => finders.get(org, 1) !== null);
    expect(kept()).toEqual(['a', 'c']);
    finders.put('c', entry(1, 100));
    expect(kept()).toEqual(['c']);
    finders.put('c', entry(1, 1));
    finders.put('a', entry(1, 99));
    expect(kept()).toEqual(['a', 'c']);
  });
});
