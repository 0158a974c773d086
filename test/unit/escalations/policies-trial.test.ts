import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conditionsOf, valuesAt } from '../../../src/escalations/policies/conditions.js';
import { compilePolicies, evaluateMatches, type Policy } from '../../../src/escalations/policies/evaluate.js';
import type { Match } from '../../../src/escalations/policies/match.js';
import { tryPolicies } from '../../../src/escalations/policies/trial.js';

const policy = (id: string, match: Match, enabled = true): Policy => ({
  ...{ id, name: id, enabled, match },
  ...{ severity: 'high', title: null, kind: 'review' },
});

const names = fc.constantFrom('a', 'b', '0');
const scalar = fc.constantFrom<unknown>(0, 1, 2, 'a', '', true, null);
const { data } = fc.letrec<{ data: object; value: unknown }>((tie) => ({
  data: fc.dictionary(names, tie('value'), { noNullPrototype: true, maxKeys: 3 }),
  value: fc.oneof({ maxDepth: 3 }, scalar, fc.array(tie('value'), { maxLength: 3 }), tie('data')),
}));
const path = fc.array(names, { minLength: 1, maxLength: 2 }).map((segments) => segments.join('.'));
const operators = fc.record(
  { $gte: fc.constantFrom(0, 1, 'a'), $ne: scalar, $in: fc.array(scalar, { maxLength: 2 }), $exists: fc.boolean() },
  { requiredKeys: [] },
);
const field = fc.dictionary(
  path,
  fc.oneof(
    scalar,
    operators.filter((given) => Object.keys(given).length > 0),
  ),
  {
    noNullPrototype: true,
    maxKeys: 2,
  },
);
const junction = fc.array(field, { minLength: 1, maxLength: 2 });
const match = fc
  .tuple(field, fc.record({ $and: junction, $or: junction, $nor: junction }, { requiredKeys: [] }))
  .map(([fields, junctions]): Match => ({ ...fields, ...junctions }));

describe('a match', () => {
  it('holds if and only if all the conditions do that it is told apart into', () => {
    fc.assert(
      fc.property(match, data, (one, given) => {
        const all = evaluateMatches(
          conditionsOf(one).map((condition) => condition.match),
          given,
        );
        expect(all.every(Boolean)).toBe(evaluateMatches([one], given)[0]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('trying policies', () => {
  it('finds the one that an event would raise an escalation by, and a reason for each that does not match', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(match, fc.boolean()), { maxLength: 4 }), data, (list, given) => {
        const policies = list.map(([one, enabled], index) => policy(`p${index}`, one, enabled));
        const trials = tryPolicies(policies, given);
        const raises = trials.filter(({ outcome }) => outcome === 'raises').map((trial) => trial.policy);
        expect(raises).toEqual([compilePolicies(policies)(given)].filter((found) => found !== null));
        for (const { matches, unmet } of trials) expect(unmet.length > 0).toBe(!matches);
      }),
      { numRuns: 300 },
    );
  });

  it('says what stands where something else was wanted, through lists', () => {
    const list = [policy('p', { 'tags.name': { $in: ['x'] }, gone: 1, $and: [{ risk: { $gte: 80, $lt: 90 } }] })];
    const [trial] = tryPolicies(list, { tags: [{ name: 'a' }, { name: 'b' }, 3], risk: 95 });
    expect(trial?.unmet).toEqual([
      { field: 'tags.name', operator: '$in', operand: ['x'], found: ['a', 'b'] },
      { field: 'gone', operator: '$eq', operand: 1, found: [] },
      { field: 'risk', operator: '$lt', operand: 90, found: [95] },
    ]);
  });

  it('reads nothing that the data does not have itself', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'list.length']) {
      expect(valuesAt({ list: [] }, name, 4)).toEqual([]);
    }
  });

  it('takes no long time for a hundred policies of a hundred conditions and a large event', () => {
    const fields = Array.from({ length: 98 }, (_, index) => [`f${index}.x.y`, `no ${index}`] as const);
    const many = Array.from({ length: 100 }, (_, index) => policy(`p${index}`, Object.fromEntries(fields)));
    const large = { f1: Array.from({ length: 20_000 }, () => ({ x: [{ y: 1 }] })) };
    // Not by the clock: whatever else the machine does.
    const from = process.cpuUsage();
    expect(tryPolicies(many, large).every(({ unmetBesides }) => unmetBesides === 95)).toBe(true);
    const { user, system } = process.cpuUsage(from);
    expect((user + system) / 1_000).toBeLessThan(5_000);
  });
});
