import { trusted } from '../db/schema-options.js';
import type { EscalationDoorbell, EscalationRing } from '../escalations/doorbell.js';
import type { EscalationStore } from '../escalations/store.js';
import { temporalDownMs, type NamedRound } from './dispatcher.js';
import { together } from './together.js';

export interface DueEscalationsDeps {
  escalations: EscalationStore['escalations'];
  doorbell: EscalationDoorbell;
}

const roundAtMost = 400;
const atOnce = 20;
/** How long a ring has for its effect; one that was lost costs as much. */
const leaseMs = 10_000;

/** Rings for escalations with something due, the longest due first. Of two dispatchers, one gets each. */
export function dueEscalations({ escalations, doorbell }: DueEscalationsDeps): NamedRound {
  const isDue = () => ({ ring_after: trusted({ $lte: new Date() }) });

  const lease = (id: string) =>
    escalations
      .findOneAndUpdate(
        { _id: id, ...isDue() },
        { $set: { ring_after: new Date(Date.now() + leaseMs) } },
        { projection: { org_id: 1, severity: 1, status: 1 } },
      )
      .lean<EscalationRing | null>();

  return {
    name: 'escalations',
    async round(signal) {
      const due = await escalations.find(isDue(), { _id: 1 }).sort({ ring_after: 1 }).limit(roundAtMost).lean();
      const isTaken = await together(due, atOnce, async ({ _id }) => {
        if (signal.aborted) return true;
        const leased = await lease(_id);
        return leased === null || doorbell.ring(leased);
      });
      if (!isTaken) return temporalDownMs;
      return due.length === roundAtMost ? 0 : undefined;
    },
  };
}
