import type { TryOutcome } from '../pump/types.js';

/** What the tries of one endpoint came to, in a stretch of time. */
export interface Tally {
  orgId: string;
  /** In a row, at its end. */
  failures: number;
  /** When the first of them was made; null when there are none. */
  failingSince: Date | null;
  lastSuccessAt: Date | null;
  lastFailureAt: Date | null;
}

export const tallyOf = ({ orgId, ok, at }: TryOutcome): Tally =>
  ok
    ? { orgId, failures: 0, failingSince: null, lastSuccessAt: at, lastFailureAt: null }
    : { orgId, failures: 1, failingSince: at, lastSuccessAt: null, lastFailureAt: at };

/** One stretch and the next one, as one. */
export function merged(earlier: Tally | undefined, later: Tally): Tally {
  if (!earlier) return later;
  const goesOn = later.lastSuccessAt === null;
  return {
    orgId: later.orgId,
    failures: later.failures + (goesOn ? earlier.failures : 0),
    failingSince: goesOn ? (earlier.failingSince ?? later.failingSince) : later.failingSince,
    lastSuccessAt: latest(earlier.lastSuccessAt, later.lastSuccessAt),
    lastFailureAt: latest(earlier.lastFailureAt, later.lastFailureAt),
  };
}

const latest = (one: Date | null, other: Date | null): Date | null =>
  one === null || (other !== null && other > one) ? other : one;
