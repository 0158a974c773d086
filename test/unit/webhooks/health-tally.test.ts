import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { merged, tallyOf, type Tally } from '../../../src/webhooks/health/tally.js';

const at = (second: number) => new Date(Date.UTC(2026, 10, 21, 12, 0, second));
const tried = (ok: boolean, second: number) => tallyOf({ endpointId: 'wh_1', orgId: 'acme', ok, at: at(second) });
const all = (tallies: readonly Tally[]) =>
  tallies.reduce((sum: Tally | undefined, next) => merged(sum, next), undefined);

describe('a tally of tries', () => {
  it('counts the failures since the last success, from the first of them', () => {
    const tally = all([tried(false, 1), tried(true, 2), tried(false, 3), tried(false, 4)]);
    expect(tally).toEqual({
      orgId: 'acme',
      failures: 2,
      failingSince: at(3),
      lastSuccessAt: at(2),
      lastFailureAt: at(4),
    });
  });

  it('knows no first failure when the last try succeeded', () => {
    expect(all([tried(false, 1), tried(true, 2)])).toMatchObject({ failures: 0, failingSince: null });
  });

  it('comes to the same however the tries are put together', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 30 }), fc.nat(30), (outcomes, cut) => {
        const tries = outcomes.map((ok, second) => tried(ok, second));
        const [first, second] = [all(tries.slice(0, cut)), all(tries.slice(cut))];
        expect(second ? merged(first, second) : first).toEqual(all(tries));
      }),
    );
  });
});
