import { setTimeout as sleep } from 'node:timers/promises';
import type { Model } from 'mongoose';
import { trusted } from '../../db/schema-options.js';
import { hasPassed, momentNow, type Moment } from './clock.js';
import type { PumpLeaseDoc } from './model.js';
import type { PumpPlan } from './plan.js';

/** `taken`: a newer term has it. `resized`: there are more or fewer pumps now, so that everyone's share is another. */
export type LostTo = 'taken' | 'resized';

/** A lease that renews itself until it is released or lost. */
export interface Lease {
  epoch: number;
  pumps: number;
  /**
   * Whether it is ours now, by this machine's own clocks: a process that was stopped for a while knows before it asks
   * anybody. One that could not renew in time holds nothing, and holds again when nobody has taken it meanwhile.
   */
  holds: () => boolean;
  /** Aborts when it is lost for good, with a `LostTo` for its reason. */
  lost: AbortSignal;
  /**
   * Waits until whoever may still be pumping these partitions has let go, or cannot hold them any more.
   * @param signal ends the wait
   */
  untilFree: (signal: AbortSignal) => Promise<void>;
  /** Lets go. Never throws: what cannot be released runs out by itself. */
  release: () => Promise<void>;
}

export interface HeldLease {
  leases: Model<PumpLeaseDoc>;
  plan: Pick<PumpPlan, 'wanted'>;
  leaseMs: number;
  renewEveryMs: number;
  id: string;
  epoch: number;
  pumps: number;
  /** Before MongoDB was asked for it. */
  takenAt: Moment;
  before: PumpLeaseDoc | null;
}

const askEveryMs = 100;

/** Keeps a lease that was taken just now. */
export function holdLease({ leases, plan, leaseMs, renewEveryMs, ...lease }: HeldLease): Lease {
  const { id, epoch, pumps, takenAt, before } = lease;
  const mine = { _id: id, epoch };
  const lost = new AbortController();
  let renewedAt = takenAt;
  let isReleased = false;
  let renewing: Promise<void> = Promise.resolve();

  async function renew(): Promise<void> {
    // Counted from before the question: the answer may be long on its way.
    const at = momentNow();
    const set = { lease_until: new Date(at.wall + leaseMs), updated_at: new Date(at.wall) };
    const [{ matchedCount }, wanted] = await Promise.all([leases.updateOne(mine, { $set: set }), plan.wanted()]);
    if (matchedCount === 0) lost.abort('taken' satisfies LostTo);
    else if (wanted !== pumps) lost.abort('resized' satisfies LostTo);
    else renewedAt = at;
  }

  let timer = setTimeout(next, renewEveryMs);
  function next(): void {
    // One that fails is followed by another; until one succeeds, the clock decides.
    renewing = renew()
      .catch(() => undefined)
      .then(() => {
        if (!isReleased && !lost.signal.aborted) timer = setTimeout(next, renewEveryMs);
      });
  }

  /** The former holder of this pump may not know yet; its own clock tells it when its lease is over. */
  async function isFree(): Promise<boolean> {
    const isFormerOver = before === null || Date.now() >= before.lease_until.getTime() || hasPassed(takenAt, leaseMs);
    if (!isFormerOver) return false;
    // Others that share the partitions in another way may have some of ours.
    const otherwise = { _id: trusted({ $ne: id }), pumps: trusted({ $ne: pumps }) };
    return (await leases.exists({ ...otherwise, lease_until: trusted({ $gt: new Date() }) })) === null;
  }

  return {
    epoch,
    pumps,
    holds: () => !isReleased && !lost.signal.aborted && !hasPassed(renewedAt, leaseMs),
    lost: lost.signal,
    async untilFree(signal) {
      while (!signal.aborted && !(await isFree()))
        await sleep(askEveryMs, undefined, { signal }).catch(() => undefined);
    },
    async release() {
      isReleased = true;
      clearTimeout(timer);
      await renewing;
      await leases.updateOne(mine, { $set: { lease_until: new Date() } }).catch(() => undefined);
    },
  };
}
