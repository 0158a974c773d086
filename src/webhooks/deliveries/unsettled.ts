import type { Model } from 'mongoose';
import { trusted } from '../../db/schema-options.js';
import type { DeliveryDoc } from './model.js';

const unsettledStatuses = ['pending', 'retrying', 'parked'] as const;

/**
 * What an endpoint is still to get, the oldest first. A query for each status: the embedded stand-in would read the whole
 * history for all of them at once.
 * @param upTo an event's id; none after it
 */
export async function oldestUnsettled<T extends { event_id: string } = DeliveryDoc>(
  deliveries: Model<DeliveryDoc>,
  endpointId: string,
  { upTo, limit, fields = {} }: { upTo?: string; limit: number; fields?: Partial<Record<keyof DeliveryDoc, 1>> },
): Promise<T[]> {
  const until = upTo === undefined ? {} : { event_id: trusted({ $lte: upTo }) };
  const found = await Promise.all(
    unsettledStatuses.map((status) =>
      deliveries
        .find({ endpoint_id: endpointId, status, ...until }, fields)
        .sort({ event_id: 1 })
        .limit(limit)
        .lean<T[]>()
        .exec(),
    ),
  );
  return found
    .flat()
    .sort((a, b) => (a.event_id < b.event_id ? -1 : 1))
    .slice(0, limit);
}
