const maxHoldMs = 60 * 60 * 1000;

/** The endpoints whose receivers have asked for a pause with Retry-After. */
export interface Holds {
  /** @param forMs as the receiver asked; an hour at most, after which one delivery tries again */
  hold: (endpointId: string, forMs: number) => void;
  /** When the pause of an endpoint ends; null when there is none. */
  heldUntil: (endpointId: string) => Date | null;
}

/**
 * A pause is kept in memory: deliveries of the endpoint are put off until its end, which is stored with each of them. After a
 * failover, deliveries that were not put off yet may go out, and the next answer begins the pause again.
 */
export function createHolds(): Holds {
  const untilMs = new Map<string, number>();
  return {
    hold(endpointId, forMs) {
      const until = Date.now() + Math.min(forMs, maxHoldMs);
      untilMs.set(endpointId, Math.max(until, untilMs.get(endpointId) ?? 0));
    },
    heldUntil(endpointId) {
      const until = untilMs.get(endpointId);
      if (until === undefined) return null;
      if (until > Date.now()) return new Date(until);
      untilMs.delete(endpointId);
      return null;
    },
  };
}
