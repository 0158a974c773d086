import type { DueDelivery } from './types.js';

/** Deliveries come right before their events, so at first these are looked for again at once. */
const youngMs = 1_000;
const pollEveryMs = 500;

/**
 * Deliveries whose events are not there yet.
 * @param lostAfterMs an event that has not come by so long after its deliveries never will: the call that brought it has
 * failed, or was a repetition
 */
export function createOrphans({ now = Date.now, lostAfterMs }: { now?: () => number; lostAfterMs: number }) {
  const since = new Map<string, { delivery: DueDelivery; at: number; isClaimed: boolean }>();
  /** By when they were made: those of one call share that, and who has waited for one of them has waited for all. */
  const madeThen = new Map<number, number>();
  let checkedAt = 0;

  const note = (delivery: DueDelivery, isClaimed: boolean) => {
    const made = delivery.created_at.getTime();
    const at = madeThen.get(made) ?? now();
    madeThen.set(made, at);
    since.set(delivery._id, { delivery, at, isClaimed });
  };
  const isLost = (id: string): boolean => {
    const one = since.get(id);
    if (!one) return false;
    return now() - one.at >= lostAfterMs && now() - one.delivery.created_at.getTime() >= lostAfterMs;
  };

  return {
    /** Keeps one that is claimed, to be looked at again. */
    keep: (delivery: DueDelivery) => note(delivery, true),
    /** @returns whether it never was accepted @param delivery one that is not kept */
    classify(delivery: DueDelivery): 'wait' | 'lost' {
      note(delivery, false);
      return isLost(delivery._id) ? 'lost' : 'wait';
    },
    /** Those that are kept and worth another look now. */
    toCheck(): DueDelivery[] {
      if (since.size === 0) return [];
      const isFullCheck = now() - checkedAt >= pollEveryMs;
      if (isFullCheck) checkedAt = now();
      return [...since.values()]
        .filter(({ at, isClaimed }) => isClaimed && (isFullCheck || now() - at < youngMs))
        .map(({ delivery }) => delivery);
    },
    /** Those that are kept and are to be dropped. */
    lost: (): string[] => [...since].filter(([id, one]) => one.isClaimed && isLost(id)).map(([id]) => id),
    /** Whether one is expected any moment. */
    areExpected: () => [...since.values()].some(({ at }) => now() - at < youngMs),
    forget(ids: readonly string[]): void {
      for (const id of ids) since.delete(id);
    },
    /** All that are kept. */
    all: (): DueDelivery[] => [...since.values()].filter(({ isClaimed }) => isClaimed).map(({ delivery }) => delivery),
  };
}

export type Orphans = ReturnType<typeof createOrphans>;
