import type { Model } from 'mongoose';
import { trusted } from '../../db/schema-options.js';
import { firstIdAt } from '../../lib/ids.js';
import type { DeliveryDoc } from '../deliveries/model.js';
import type { Hour, Tried } from './hours.js';

/** More of one hour are not told apart: counting costs. */
const maxCounted = 10_000;
const hourMs = 3_600_000;

type Ended = Pick<DeliveryDoc, 'event_id' | 'status'>;

/**
 * Of a busy endpoint, what is older than what was read one by one: deliveries by the hour of their event and by how they ended,
 * counted in the index.
 * @param oldest of each status that was not read to its end, the last that was
 */
export function createOlderCounts(deliveries: Model<DeliveryDoc>) {
  const count = (endpoint_id: string, status: Ended['status'], since: string, before: string): Promise<number> =>
    deliveries
      .countDocuments({ endpoint_id, status, event_id: trusted({ $gte: since, $lt: before }) })
      .limit(maxCounted)
      .exec();

  return async (
    endpointId: string,
    hours: readonly Hour[],
    oldest: readonly (Ended | undefined)[],
  ): Promise<Tried[]> => {
    const spans = oldest.flatMap((last) => {
      if (!last || last.status === 'cancelled') return [];
      return hours.map(({ at }) => {
        const [since, end] = [firstIdAt('evt', at.getTime()), firstIdAt('evt', at.getTime() + hourMs)];
        return { at, status: last.status, since, before: end < last.event_id ? end : last.event_id };
      });
    });
    return Promise.all(
      spans
        .filter(({ since, before }) => since < before)
        .map(async ({ at, status, since, before }) => ({
          at,
          succeeded: status === 'succeeded',
          count: await count(endpointId, status, since, before),
        })),
    );
  };
}
