import type { Model } from 'mongoose';
import type { Timings } from '../../config/index.js';
import { trusted } from '../../db/schema-options.js';
import type { EndpointSignaler, EndpointWakeTarget } from '../../temporal/endpoint-signaler.js';
import type { HealthDoc } from './model.js';
import type { NamedRound } from '../../temporal/dispatcher.js';
import { mapConcurrent } from '../../lib/map-concurrent.js';

export interface DueHealthDeps {
  health: Model<HealthDoc>;
  signaler: EndpointSignaler;
  timings: Pick<Timings, 'dispatch'>;
}

const maxRound = 50;
const atOnce = 20;

/** Wakes the workflows of unhealthy endpoints that are due, the longest due first. Of two dispatchers, one gets each endpoint. */
export function dueHealth({ health, signaler, timings }: DueHealthDeps): NamedRound {
  const { leaseMs, temporalDownMs } = timings.dispatch;
  const isDue = () => ({ ring_after: trusted({ $lte: new Date() }) });

  async function lease(id: string): Promise<boolean> {
    const { modifiedCount } = await health.updateOne(
      { _id: id, ...isDue() },
      { $set: { ring_after: new Date(Date.now() + leaseMs) } },
    );
    return modifiedCount === 1;
  }

  return {
    name: 'endpoint health',
    async round(signal) {
      const due = await health
        .find(isDue(), { org_id: 1 })
        .sort({ ring_after: 1 })
        .limit(maxRound)
        .lean<EndpointWakeTarget[]>();
      const isAccepted = await mapConcurrent(due, atOnce, async (endpoint) => {
        if (signal.aborted) return true;
        return !(await lease(endpoint._id)) || signaler.wake(endpoint);
      });
      if (!isAccepted) return temporalDownMs;
      return due.length === maxRound ? 0 : undefined;
    },
  };
}
