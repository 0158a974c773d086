import type { Timings } from '../config/index.js';
import { trusted } from '../db/schema-options.js';
import type { EscalationSignaler, EscalationWakeTarget } from '../temporal/escalation-signaler.js';
import type { EscalationStore } from './store.js';
import { wakeDue, type NamedRound } from '../temporal/dispatcher.js';

export interface DueEscalationsDeps {
  escalations: EscalationStore['escalations'];
  signaler: EscalationSignaler;
  timings: Pick<Timings, 'dispatch'>;
}

type DueEscalation = EscalationWakeTarget & { rings: number };

const maxRound = 50;
/**
 * While this many were woken and are not done, no more are woken. What follows from a reviewer's claim would wait behind all
 * the rest on Temporal's queues, and a worker that has more under way than it keeps in memory replays each.
 */
const maxUnderWay = 50;
const noRoomMs = 50;

/** Wakes the workflows of escalations that are due, the longest due first, some dozens at a time. Of two dispatchers, one gets each escalation. */
export function dueEscalations({ escalations, signaler, timings }: DueEscalationsDeps): NamedRound {
  const { leaseMs } = timings.dispatch;
  /** The lease doubles with each wake-up without effect, up to 64 leases, so that such an escalation doesn't hold up others. */
  const leaseOf = (rings: number) => leaseMs * 2 ** Math.min(rings, 6);
  const isDue = () => ({ ring_after: trusted({ $lte: new Date() }) });

  const underWay = () => {
    const now = Date.now();
    const inTime = trusted({ $gt: new Date(now), $lte: new Date(now + leaseMs) });
    return escalations.countDocuments({ ring_after: inTime }).limit(maxUnderWay);
  };

  const find = (max: number) =>
    escalations
      .find(isDue(), { org_id: 1, severity: 1, status: 1, rings: 1 })
      .sort({ ring_after: 1 })
      .limit(max)
      .lean<DueEscalation[]>();

  async function lease(escalation: DueEscalation): Promise<DueEscalation | null> {
    const { modifiedCount } = await escalations.updateOne(
      { _id: escalation._id, ...isDue() },
      { $set: { ring_after: new Date(Date.now() + leaseOf(escalation.rings)) }, $inc: { rings: 1 } },
    );
    return modifiedCount === 1 ? escalation : null;
  }

  const work = { max: maxRound, find, lease, wake: (due: DueEscalation) => signaler.wake(due) };
  return {
    name: 'escalations',
    async round(signal) {
      if ((await underWay()) >= maxUnderWay) return noRoomMs;
      return wakeDue(work, timings.dispatch, signal);
    },
  };
}
