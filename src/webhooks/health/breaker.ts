import type { Model } from 'mongoose';
import type { Timings } from '../../config/index.js';
import { trusted } from '../../db/schema-options.js';
import type { HealthDoc } from './model.js';
import type { Parked } from './parked.js';

type BreakerTimings = Pick<Timings['health'], 'opensAfter' | 'opensOverMs' | 'probeDelaysMs'>;

export interface BreakerDeps {
  health: Model<HealthDoc>;
  parked: Pick<Parked, 'park'>;
  timings: BreakerTimings;
}

/** Opens the breakers of those among these that have failed enough, and parks what was never tried. */
export function createBreaker({ health, parked, timings }: BreakerDeps) {
  const { opensAfter, opensOverMs, probeDelaysMs } = timings;
  const [firstProbeMs = 0] = probeDelaysMs;

  async function open({ _id, last_failure_at }: Pick<HealthDoc, '_id' | 'last_failure_at'>): Promise<boolean> {
    if (last_failure_at === null) return false;
    const now = Date.now();
    const at = new Date(now);
    const { modifiedCount } = await health.updateOne(
      {
        _id,
        breaker: 'closed',
        failures_in_a_row: trusted({ $gte: opensAfter }),
        failing_since: trusted({ $lte: new Date(last_failure_at.getTime() - opensOverMs) }),
      },
      {
        $set: {
          breaker: 'open',
          opened_at: at,
          probes: 0,
          next_probe_at: new Date(now + firstProbeMs),
          ring_after: at,
          updated_at: at,
        },
      },
    );
    return modifiedCount === 1;
  }

  return {
    /** @returns those whose breaker this call opened */
    async evaluate(ids: readonly string[]): Promise<string[]> {
      if (ids.length === 0) return [];
      const filter = {
        _id: trusted({ $in: [...ids] }),
        breaker: 'closed',
        failures_in_a_row: trusted({ $gte: opensAfter }),
      } as const;
      const suspects = await health.find(filter, { last_failure_at: 1 }).lean<HealthDoc[]>().exec();
      const opened: string[] = [];
      for (const suspect of suspects) if (await open(suspect)) opened.push(suspect._id);
      // Should this be lost, the workflow does it.
      for (const id of opened) await parked.park(id);
      return opened;
    },

    /** The endpoints whose breaker is open, by whichever process. */
    async allOpen(): Promise<string[]> {
      const open = await health.find({ breaker: 'open' }, { _id: 1 }).lean<{ _id: string }[]>().exec();
      return open.map(({ _id }) => _id);
    },
  };
}
