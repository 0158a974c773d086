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

const roundAtMost = 50;
const atOnce = 20;

/** Wakes the workflows of unhealthy endpoints that are due, the longest due first. Of two dispatchers, one gets each endpoint. */
export function dueHealth({ health, signaler, timings }: DueHealthDeps): NamedRound {
  const { leaseMs, temporalDownMs } = timings.dispatch;
  const isDue = () => ({ ring_after: trusted({ $lte: new Date() }) });

  const lease = (id: string) =>
    health
      .findOneAndUpdate(
        { _id: id, ...isDue() },
        { $set: { ring_after: new Date(Date.now() + leaseMs) } },
        { projection: { org_id: 1 } },
      )
      .lean<EndpointWakeTarget | null>();

  return {
    name: 'endpoint health',
    async round(signal) {
      const due = await health.find(isDue(), { _id: 1 }).sort({ ring_after: 1 }).limit(roundAtMost).lean();
      const isAccepted = await mapConcurrent(due, atOnce, async ({ _id }) => {
        if (signal.aborted) return true;
        const leased = await lease(_id);
        return leased === null || signaler.wake(leased);
      });
      if (!isAccepted) return temporalDownMs;
      return due.length === roundAtMost ? 0 : undefined;
    },
  };
}
