import { setMaxListeners } from 'node:events';

export interface LookUpSlots {
  /**
   * Waits until the org has a slot.
   * @returns frees it; a second call does nothing
   * @throws the signal's reason, when the caller gives up first
   */
  take: (org: string, signal: AbortSignal) => Promise<() => void>;
}

interface OrgSlots {
  taken: number;
  /** In the order in which they came. */
  waiting: Set<() => void>;
}

/** So many slots for each org. Who waits is limited by who calls: each waiting call has a deadline of its own. */
export function createLookUpSlots(perOrg: number): LookUpSlots {
  const orgs = new Map<string, OrgSlots>();

  function releaseOnce(org: string, slots: OrgSlots): () => void {
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      const [next] = slots.waiting;
      if (next) {
        // The slot goes on to the next one without becoming free.
        slots.waiting.delete(next);
        next();
        return;
      }
      slots.taken -= 1;
      if (slots.taken === 0) orgs.delete(org);
    };
  }

  return {
    async take(org, signal) {
      signal.throwIfAborted();
      const slots = orgs.get(org) ?? { taken: 0, waiting: new Set() };
      orgs.set(org, slots);
      if (slots.taken < perOrg) slots.taken += 1;
      else await turn(slots.waiting, signal);
      return releaseOnce(org, slots);
    },
  };
}

function turn(waiting: Set<() => void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const give = () => {
      waiting.delete(next);
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    };
    const next = () => {
      signal.removeEventListener('abort', give);
      resolve();
    };
    waiting.add(next);
    // Look-ups of one call's names listen to one signal: Node's warning of a leak at eleven would be a false alarm.
    setMaxListeners(0, signal);
    signal.addEventListener('abort', give, { once: true });
  });
}
