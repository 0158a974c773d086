import type { Model } from 'mongoose';
import type { Timings } from '../../config/index.js';
import { trusted } from '../../db/schema-options.js';
import type { EndpointSignaler, EndpointWakeTarget } from '../../temporal/endpoint-signaler.js';
import type { HealthDoc } from './model.js';
import { wakeDue, type NamedRound } from '../../temporal/dispatcher.js';

export interface DueHealthDeps {
  health: Model<HealthDoc>;
  signaler: EndpointSignaler;
  timings: Pick<Timings, 'dispatch'>;
}

const maxRound = 50;

/** Wakes the workflows of unhealthy endpoints that are due, the longest due first. Of two dispatchers, one gets each endpoint. */
export function dueHealth({ health, signaler, timings }: DueHealthDeps): NamedRound {
  const { leaseMs } = timings.dispatch;
  const isDue = () => ({ ring_after: trusted({ $lte: new Date() }) });

  const find = (max: number) =>
    health.find(isDue(), { org_id: 1 }).sort({ ring_after: 1 }).limit(max).lean<EndpointWakeTarget[]>();

  async function lease(endpoint: EndpointWakeTarget): Promise<EndpointWakeTarget | null> {
    const { modifiedCount } = await health.updateOne(
      { _id: endpoint._id, ...isDue() },
      { $set: { ring_after: new Date(Date.now() + leaseMs) } },
    );
    return modifiedCount === 1 ? endpoint : null;
  }

  const work = { max: maxRound, find, lease, wake: (due: EndpointWakeTarget) => signaler.wake(due) };
  return { name: 'endpoint health', round: (signal) => wakeDue(work, timings.dispatch, signal) };
}
