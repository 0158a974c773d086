import { describe, expect, it } from 'vitest';
import { actorOf, isAllowed, permissions } from '../../../src/http/caller.js';

describe('permissions', () => {
  it.each([
    ['read', ['read']],
    ['review', ['read', 'review']],
    ['configure', ['read', 'configure', 'review']],
    ['ingest', ['ingest']],
  ] as const)('%s allows exactly %j', (held, allowed) => {
    expect(permissions.filter((needed) => isAllowed([held], [needed]))).toEqual(allowed);
  });

  it('are enough when one of several needed ones is held', () => {
    expect(isAllowed(['ingest'], ['ingest', 'configure'])).toBe(true);
    expect(isAllowed(['review'], ['ingest', 'configure'])).toBe(false);
    expect(isAllowed([], ['read'])).toBe(false);
  });

  it('have no actor without a key', () => {
    expect(() => actorOf({ kind: 'anonymous' })).toThrow();
  });
});
