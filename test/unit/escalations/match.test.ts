import { describe, expect, it } from 'vitest';
import { compilePolicies, type Policy } from '../../../src/escalations/policies/evaluate.js';
import { matchProblems, type Match } from '../../../src/escalations/policies/match.js';

const policy = (match: Match, extra: Partial<Policy> = {}): Policy => ({
  id: 'p',
  name: 'P',
  enabled: true,
  match,
  severity: 'high',
  title: null,
  kind: 'review',
  ...extra,
});
const finds = (match: Match, data: unknown) => compilePolicies([policy(match)])(data) !== null;

describe('a match', () => {
  it.each<[string, Match, unknown, boolean]>([
    ['a plain value', { decision: 'block' }, { decision: 'block' }, true],
    ['a nested field by dots', { 'actor.id': 'u1' }, { actor: { id: 'u1' } }, true],
    ['a comparison', { risk: { $gte: 80 } }, { risk: 79 }, false],
    ['two comparisons', { risk: { $gte: 80, $lt: 90 } }, { risk: 85 }, true],
    ['a list', { gateway: { $in: ['eu', 'us'] } }, { gateway: 'us' }, true],
    ['a list to stay out of', { gateway: { $nin: ['eu', 'us'] } }, { gateway: 'us' }, false],
    ['existence', { pii: { $exists: true } }, {}, false],
    ['a member of an array', { tags: 'pii' }, { tags: ['a', 'pii'] }, true],
    ['an or', { $or: [{ a: 1 }, { b: 1 }] }, { b: 1 }, true],
    ['a nor', { $nor: [{ a: 1 }, { b: 1 }] }, { b: 1 }, false],
    ['a not', { risk: { $not: { $lt: 50 } } }, { risk: 60 }, true],
    ['null where there is nothing', { reason: null }, {}, true],
    ['everything', {}, { a: 1 }, true],
  ])('takes %s', (_, match, data, wanted) => {
    expect(matchProblems(match, 'match')).toEqual([]);
    expect(finds(match, data)).toBe(wanted);
  });

  it.each<[string, unknown, string]>([
    ['$where', { $where: 'while(true){}' }, 'match.$where'],
    ['$function', { $expr: { $function: {} } }, 'match.$expr'],
    ['$regex', { a: { $regex: '(a+)+$' } }, 'match.a.$regex'],
    ['$where in a field', { a: { $where: 'x' } }, 'match.a.$where'],
    ['$regex below $not', { a: { $not: { $regex: 'x' } } }, 'match.a.$not.$regex'],
    ['$elemMatch', { a: { $elemMatch: { b: 1 } } }, 'match.a.$elemMatch'],
    ['$size', { a: { $size: 2 } }, 'match.a.$size'],
    ['a nested object', { a: { b: 1 } }, 'match.a.b'],
    ['an object in a list', { a: { $in: [{ $regex: 'x' }] } }, 'match.a.$in[0]'],
    ['a prototype', JSON.parse('{"__proto__":{"x":1}}'), 'match.__proto__'],
    ['a path into a prototype', { 'a.constructor.name': 'Object' }, 'match.a.constructor.name'],
    ['a list in the place of a match', [], 'match'],
    ['an empty junction', { $or: [] }, 'match.$or'],
    ['a long text', { a: 'x'.repeat(1001) }, 'match.a'],
  ])('refuses %s, and says where', (_, match, path) => {
    expect(matchProblems(match, 'match')).toContainEqual(expect.objectContaining({ path }));
  });

  it('refuses more than eight levels', () => {
    const deep = (levels: number): unknown => (levels === 0 ? { a: 1 } : { $and: [deep(levels - 1)] });
    expect(matchProblems(deep(2), 'match')).toEqual([]);
    expect(matchProblems(deep(20), 'match')[0]?.message).toContain('levels deep');
  });

  it('refuses more than a hundred nodes, and does not walk through the rest', () => {
    const wide = { a: { $in: Array.from({ length: 200_000 }, (_, i) => i) } };
    const started = performance.now();
    expect(matchProblems(wide, 'match')).toEqual([{ path: 'match', message: 'has more than 100 nodes' }]);
    expect(performance.now() - started).toBeLessThan(500);
  });

  it('runs no operator that was never allowed, even if one got stored', () => {
    expect(() => finds({ $where: 'true' }, { a: 1 })).toThrow();
    expect(() => finds({ a: { $regex: 'x' } }, { a: 'x' })).toThrow();
  });

  it('reads data that carries a prototype as its own field only as text', () => {
    const data: unknown = JSON.parse('{"__proto__":{"admin":true},"$where":"x","a.b":1}');
    expect(finds({ admin: true }, data)).toBe(false);
  });
});

describe('policies', () => {
  it('are asked in their order, and the first that matches counts', () => {
    const find = compilePolicies([
      policy({ a: 1 }, { id: 'off', enabled: false }),
      policy({ a: 2 }, { id: 'other' }),
      policy({ a: 1 }, { id: 'first' }),
      policy({}, { id: 'second' }),
    ]);
    expect(find({ a: 1 })?.id).toBe('first');
    expect(find({ a: 9 })?.id).toBe('second');
  });
});
