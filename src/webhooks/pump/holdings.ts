import type { DueDelivery, Outcome } from './types.js';

interface Held {
  delivery: DueDelivery;
  claimedAt: number;
  settled: ((outcome: Outcome) => void) | undefined;
}

const renewAfterMs = 20_000;

/** What this pump has claimed, from then until what became of it is stored. */
export function createHoldings() {
  const held = new Map<string, Held>();
  return {
    has: (id: string) => held.has(id),
    size: () => held.size,
    add(docs: readonly DueDelivery[]): void {
      const claimedAt = Date.now();
      for (const delivery of docs) held.set(delivery._id, { delivery, claimedAt, settled: undefined });
    },
    /** Tells when what became of it is stored. */
    whenSettled(id: string, settled: (outcome: Outcome) => void): void {
      const one = held.get(id);
      if (one) one.settled = settled;
    },
    isAwaited: (id: string): boolean => held.get(id)?.settled !== undefined,
    drop(ids: readonly string[]): void {
      for (const id of ids) held.delete(id);
    },
    stored: (outcomes: readonly Outcome[]): void => {
      for (const outcome of outcomes) {
        const one = held.get(outcome.delivery._id);
        held.delete(outcome.delivery._id);
        one?.settled?.(outcome);
      }
    },
    /** Those whose claims are to be renewed now. */
    ageing(): string[] {
      const nowMs = Date.now();
      const ids: string[] = [];
      for (const [id, one] of held) {
        if (nowMs - one.claimedAt < renewAfterMs) continue;
        one.claimedAt = nowMs;
        ids.push(id);
      }
      return ids;
    },
  };
}

export type Holdings = ReturnType<typeof createHoldings>;
