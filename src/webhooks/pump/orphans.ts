import type { DueDelivery } from './types.js';

/** Deliveries are stored right before their events, so young orphans are checked again at once. */
const youngMs = 1_000;
const pollEveryMs = 500;

/**
 * Deliveries whose events are not stored yet.
 * @param lostAfterMs an event that is still missing after this time was never accepted: its call failed, or was a
 * repetition
 */
export function createOrphans({ now = Date.now, lostAfterMs }: { now?: () => number; lostAfterMs: number }) {
  const since = new Map<string, { delivery: DueDelivery; at: number; isClaimed: boolean }>();
  /** The first check by creation time. Deliveries of one call share that time, so they also share the wait. */
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
    /** Keeps a claimed delivery, to be checked again. */
    keep: (delivery: DueDelivery) => note(delivery, true),
    /** @returns whether the delivery's event was never accepted @param delivery one that is not kept */
    classify(delivery: DueDelivery): 'wait' | 'lost' {
      note(delivery, false);
      return isLost(delivery._id) ? 'lost' : 'wait';
    },
    /** The kept deliveries that are worth another check now. */
    toCheck(): DueDelivery[] {
      if (since.size === 0) return [];
      const isFullCheck = now() - checkedAt >= pollEveryMs;
      if (isFullCheck) checkedAt = now();
      return [...since.values()]
        .filter(({ at, isClaimed }) => isClaimed && (isFullCheck || now() - at < youngMs))
        .map(({ delivery }) => delivery);
    },
    /** The kept deliveries that must be dropped. */
    lost: (): string[] => [...since].filter(([id, one]) => one.isClaimed && isLost(id)).map(([id]) => id),
    /** Whether an event is expected any moment. */
    areExpected: () => [...since.values()].some(({ at }) => now() - at < youngMs),
    forget(ids: readonly string[]): void {
      for (const id of ids) since.delete(id);
    },
    /** All kept deliveries. */
    all: (): DueDelivery[] => [...since.values()].filter(({ isClaimed }) => isClaimed).map(({ delivery }) => delivery),
  };
}

export type Orphans = ReturnType<typeof createOrphans>;
