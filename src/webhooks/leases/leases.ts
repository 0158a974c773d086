import type { Model } from 'mongoose';
import type { Timings } from '../../config/index.js';
import { isDuplicateKey } from '../../db/errors.js';
import { trusted } from '../../db/schema-options.js';
import { momentNow } from './clock.js';
import { holdLease, type Lease } from './hold.js';
import type { PumpLeaseDoc } from './model.js';
import type { PumpPlan } from './plan.js';

export interface PumpLeasesDeps {
  leases: Model<PumpLeaseDoc>;
  plan: PumpPlan;
  timings: { pump: Pick<Timings['pump'], 'leaseMs' | 'renewEveryMs'> };
}

/** A lease; that there are fewer pumps than that; or that somebody newer was quicker. */
export type Taken = Lease | 'surplus' | 'too_late';

export interface PumpLeases {
  /** Takes a pump's lease, whoever has it. @param holder the worker's identity @throws when MongoDB does not answer */
  take: (pump: number, holder: string) => Promise<Taken>;
}

/** The leases that keep two processes from pumping the same partitions. */
export function createPumpLeases({ leases, plan, timings }: PumpLeasesDeps): PumpLeases {
  const { leaseMs, renewEveryMs } = timings.pump;

  /** @returns the lease before this one, null when there was none, `too_late` when a newer epoch has it */
  async function write(id: string, lease: Pick<PumpLeaseDoc, 'epoch' | 'pumps' | 'holder'>) {
    const now = Date.now();
    const set = { ...lease, lease_until: new Date(now + leaseMs), updated_at: new Date(now) };
    try {
      return await leases
        .findOneAndUpdate(
          { _id: id, epoch: trusted({ $lt: lease.epoch }) },
          { $set: set },
          {
            upsert: true,
            returnDocument: 'before',
          },
        )
        .lean<PumpLeaseDoc>()
        .exec();
    } catch (error) {
      // There is one, and its epoch is not smaller.
      if (isDuplicateKey(error)) return 'too_late';
      throw error;
    }
  }

  return {
    async take(pump, holder) {
      const { epoch, pumps } = await plan.nextEpoch();
      if (pump >= pumps) return 'surplus';
      const id = `pump/${pump}`;
      const takenAt = momentNow();
      const before = await write(id, { epoch, pumps, holder });
      if (before === 'too_late') return before;
      return holdLease({ leases, plan, leaseMs, renewEveryMs, id, epoch, pumps, takenAt, before });
    },
  };
}
