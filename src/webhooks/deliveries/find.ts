import type { Model } from 'mongoose';
import type { FindIn, Stretch } from '../../db/newest-first.js';
import { trusted } from '../../db/schema-options.js';
import type { DeliveryDoc, DeliveryStatus } from './model.js';

/**
 * Each index entry has a status, so there is one query for each. As deliveries go through them: one that moves on between
 * two queries is found twice, not missed.
 */
const inTheirOrder: readonly (readonly DeliveryStatus[])[] = [
  ['pending'],
  ['retrying', 'parked'],
  ['succeeded', 'failed', 'cancelled'],
];

/** An endpoint's deliveries by their events, newest first. @param status null for all */
export function findDeliveries(
  deliveries: Model<DeliveryDoc>,
  endpointId: string,
  status: DeliveryStatus | null,
): FindIn<DeliveryDoc> {
  return async (stretch, wanted) => {
    const read = (one: DeliveryStatus) =>
      deliveries
        .find({ endpoint_id: endpointId, status: one, ...eventsIn(stretch) })
        .sort({ event_id: -1 })
        .limit(wanted)
        .lean<DeliveryDoc[]>()
        .exec();
    if (status !== null) return read(status);
    const found = new Map<string, DeliveryDoc>();
    for (const statuses of inTheirOrder) {
      for (const doc of (await Promise.all(statuses.map(read))).flat()) found.set(doc._id, doc);
    }
    return [...found.values()].sort(newerFirst).slice(0, wanted);
  };
}

const newerFirst = (a: DeliveryDoc, b: DeliveryDoc) => (a.event_id < b.event_id ? 1 : -1);

function eventsIn({ since, before }: Stretch) {
  const range = { ...(since !== null && { $gte: since }), ...(before !== null && { $lt: before }) };
  return Object.keys(range).length > 0 && { event_id: trusted(range) };
}
