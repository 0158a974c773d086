import type { Timings } from '../../config/index.js';
import type { DueDelivery, Outcome } from './types.js';

interface Held {
  delivery: DueDelivery;
  claimedAt: number;
  settled: ((outcome: Outcome) => void) | undefined;
  /** Set while the claim is being written. Never rejects. */
  claiming: Promise<void> | undefined;
}

/** Tracks the deliveries of this pump from their claim until their outcome is stored. */
export function createInFlightRegistry({ renewClaimAfterMs }: Pick<Timings['pump'], 'renewClaimAfterMs'>) {
  const held = new Map<string, Held>();
  const moving = new Set<string>();
  /** Ids that were released or moved since the last read began. */
  let released = new Set<string>();

  function release(id: string): void {
    held.delete(id);
    released.add(id);
  }

  return {
    has: (id: string) => held.has(id),
    size: () => held.size,
    /** @param claiming pending while the claim is being written; never rejects */
    add(docs: readonly DueDelivery[], claiming?: Promise<void>): void {
      const claimedAt = Date.now();
      const added = docs.map((delivery): Held => ({ delivery, claimedAt, settled: undefined, claiming }));
      for (const one of added) held.set(one.delivery._id, one);
      void claiming?.then(() => {
        for (const one of added) one.claiming = undefined;
      });
    },
    /** The pending claim of a delivery, if it is still being written. */
    claiming: (id: string): Promise<void> | undefined => held.get(id)?.claiming,
    /** Calls back when the delivery's outcome is stored. */
    whenSettled(id: string, settled: (outcome: Outcome) => void): void {
      const one = held.get(id);
      if (one) one.settled = settled;
    },
    isAwaited: (id: string): boolean => held.get(id)?.settled !== undefined,
    drop(ids: readonly string[]): void {
      for (const id of ids) release(id);
    },
    /**
     * Reads due deliveries, one read at a time. Leaves out every delivery that was in flight or moved at any time
     * during the read, because a slow read may show an older state of it.
     */
    async unheld(read: () => Promise<DueDelivery[]>): Promise<DueDelivery[]> {
      const releasedSince = (released = new Set());
      const docs = await read();
      return docs.filter(({ _id }) => !held.has(_id) && !moving.has(_id) && !releasedSince.has(_id));
    },
    /** @param move makes the deliveries no longer due; until it has, reads leave them out */
    async whileMoved(docs: readonly DueDelivery[], move: () => Promise<void>): Promise<void> {
      for (const { _id } of docs) moving.add(_id);
      try {
        await move();
      } finally {
        for (const { _id } of docs) {
          moving.delete(_id);
          released.add(_id);
        }
      }
    },
    stored: (outcomes: readonly Outcome[]): void => {
      for (const outcome of outcomes) {
        const one = held.get(outcome.delivery._id);
        release(outcome.delivery._id);
        one?.settled?.(outcome);
      }
    },
    /** The deliveries whose claims must be renewed now. */
    ageing(): string[] {
      const nowMs = Date.now();
      const ids: string[] = [];
      for (const [id, one] of held) {
        if (nowMs - one.claimedAt < renewClaimAfterMs) continue;
        one.claimedAt = nowMs;
        ids.push(id);
      }
      return ids;
    },
  };
}

export type InFlightRegistry = ReturnType<typeof createInFlightRegistry>;
