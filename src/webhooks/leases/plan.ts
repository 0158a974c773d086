import type { Model } from 'mongoose';
import { isDuplicateKey } from '../../db/errors.js';
import type { PumpPlanDoc } from './model.js';

/** What all workers agree on: how many pumps there are, and the epochs of their terms. */
export interface PumpPlan {
  /** Says how many pumps there are to be. The worker that started last has the say. */
  want: (pumps: number) => Promise<void>;
  wanted: () => Promise<number>;
  /** A new epoch, greater than any before, and how many pumps were wanted when it was given. */
  nextEpoch: () => Promise<{ epoch: number; pumps: number }>;
}

const theOne = { _id: 'plan' };

export function createPumpPlan({ plan }: { plan: Model<PumpPlanDoc> }): PumpPlan {
  return {
    async want(pumps) {
      const change = { $set: { pumps, updated_at: new Date() }, $setOnInsert: { epochs: 0 } };
      const write = () => plan.updateOne(theOne, change, { upsert: true });
      await write().catch(async (error: unknown) => {
        // Two workers that start at once both find none.
        if (!isDuplicateKey(error)) throw error;
        await write();
      });
    },
    async wanted() {
      return (await plan.findOne(theOne, { pumps: 1 }).lean<{ pumps: number }>().exec())?.pumps ?? 0;
    },
    async nextEpoch() {
      const next = await plan
        .findOneAndUpdate(theOne, { $inc: { epochs: 1 } }, { returnDocument: 'after' })
        .lean<PumpPlanDoc>()
        .exec();
      // Nobody has planned anything: no pump is wanted.
      return next ? { epoch: next.epochs, pumps: next.pumps } : { epoch: 0, pumps: 0 };
    },
  };
}
