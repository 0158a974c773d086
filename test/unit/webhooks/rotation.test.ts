import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SecretDoc } from '../../../src/webhooks/endpoints/model.js';
import { rotated } from '../../../src/webhooks/endpoints/rotation.js';

const at = new Date('2026-01-01T00:00:00Z');
const secret = (id: string, sealed = id): SecretDoc => ({ id, sealed, created_at: at, expires_at: null });

describe('secrets that are rotated', () => {
  it('are the new one, and the one before until its overlap is over', () => {
    const after = rotated([secret('a')], secret('b'), { overlapSeconds: 60, at });
    expect(after).toEqual([secret('b'), { ...secret('a'), expires_at: new Date('2026-01-01T00:01:00Z') }]);
  });

  it('are the new one alone without an overlap', () => {
    const before = rotated([secret('a')], secret('b'), { overlapSeconds: 60, at });
    expect(rotated(before, secret('c'), { overlapSeconds: 0, at })).toEqual([secret('c')]);
  });

  it('keep the one that is known when the same rotation comes again', () => {
    const before = rotated([secret('a')], secret('b'), { overlapSeconds: 60, at });
    const again = rotated(before, secret('b', 'another'), { overlapSeconds: 0, at });
    expect(again).toEqual([secret('b', 'another'), before[1]]);
  });

  it('are never more than two, none twice, the last one first and without an end', () => {
    const step = fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd'), overlapSeconds: fc.nat(604_800) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1 }), (steps) => {
        let secrets = [secret('first')];
        for (const { id, overlapSeconds } of steps) secrets = rotated(secrets, secret(id), { overlapSeconds, at });
        const ids = secrets.map(({ id }) => id);
        expect(ids[0]).toBe(steps.at(-1)?.id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(secrets.length).toBeLessThanOrEqual(2);
        expect(secrets.map(({ expires_at }) => expires_at === null)).toEqual(secrets.map((_, index) => index === 0));
      }),
    );
  });
});
