import type { Model } from 'mongoose';
import { oldestFirst } from '../../db/oldest-first.js';
import { trusted } from '../../db/schema-options.js';
import type { EndpointDoc } from '../endpoints/model.js';
import { cancelled, unsettled } from './change.js';
import type { DeliveryDoc } from './model.js';

type Read = Pick<DeliveryDoc, '_id' | 'event_id'>;

/** In one write. */
const max = 1_000;
/** A DELETE waits for this. */
const maxCancelled = 50_000;
/** Clocks of other processes may differ. */
const marginMs = 60_000;

/**
 * Cancels what an endpoint that is deleted was still to get. Never throws, and ends somewhere: the pumps cancel whatever
 * they meet of it, and what is parked goes with retention, seen by nobody.
 */
export function createCancelAll(deliveries: Model<DeliveryDoc>): (endpoint: EndpointDoc) => Promise<void> {
  async function cancelIn(endpoint: EndpointDoc, status: DeliveryDoc['status']): Promise<void> {
    const batches = oldestFirst<Read>(
      ({ after, before }, limit) =>
        deliveries
          .find({ endpoint_id: endpoint._id, status, event_id: trusted({ $gt: after, $lt: before }) }, {
            event_id: 1,
          } as const)
          .sort({ event_id: 1 })
          .limit(limit)
          .lean<Read[]>()
          .exec(),
      {
        prefix: 'evt',
        idOf: ({ event_id }) => event_id,
        sinceMs: endpoint.created_at.getTime() - marginMs,
        untilMs: Date.now() + marginMs,
        max,
      },
    );
    let count = 0;
    for await (const batch of batches) {
      const ids = trusted({ $in: batch.map(({ _id }) => _id) });
      const filter = { _id: ids, status: trusted({ $in: [...unsettled] }) };
      await deliveries.updateMany(filter, { $set: cancelled(new Date()) });
      count += batch.length;
      if (count >= maxCancelled) return;
    }
  }

  return async (endpoint) => {
    try {
      for (const status of unsettled) await cancelIn(endpoint, status);
    } catch {
      // As said above.
    }
  };
}
