import type { Model } from 'mongoose';
import { trusted } from '../../db/schema-options.js';
import { conflict, notFound } from '../../http/problem.js';
import type { DeliveryChange } from './change.js';
import type { AttemptDoc, DeliveryDoc } from './model.js';
import type { Shown } from './presenter.js';

/** Which delivery is meant. */
export interface DeliveryRef {
  orgId: string;
  endpointId: string;
  id: string;
}

export interface HistoryDeps {
  deliveries: Model<DeliveryDoc>;
  attempts: Model<AttemptDoc>;
}

export type History = ReturnType<typeof createHistory>;

/** Each loss is progress of its delivery, so this many in a row mean that something else is wrong. */
const maxTries = 20;

/** Deliveries and their attempts in MongoDB, as people see and change them. */
export function createHistory({ deliveries, attempts }: HistoryDeps) {
  async function get({ orgId, endpointId, id }: DeliveryRef): Promise<DeliveryDoc> {
    const delivery = await deliveries.findById(id).lean<DeliveryDoc>().exec();
    if (delivery?.org_id !== orgId || delivery.endpoint_id !== endpointId) throw notFound('delivery');
    return delivery;
  }

  return {
    /** @throws Problem 404 */
    get,

    /** With their attempts, by one query for all. */
    async withAttempts(docs: readonly DeliveryDoc[]): Promise<Shown[]> {
      if (docs.length === 0) return [];
      const found = await attempts
        .find({ delivery_id: trusted({ $in: docs.map(({ _id }) => _id) }) })
        .lean<AttemptDoc[]>()
        .exec();
      const byDelivery = new Map<string, AttemptDoc[]>(docs.map(({ _id }) => [_id, []]));
      for (const attempt of found) byDelivery.get(attempt.delivery_id)?.push(attempt);
      const inOrder = (a: AttemptDoc, b: AttemptDoc) => a.number - b.number;
      return docs.map((delivery) => ({ delivery, attempts: (byDelivery.get(delivery._id) ?? []).sort(inOrder) }));
    },

    /**
     * Compare-and-set on what a pump's outcome changes; after it, an outcome of a claim from before changes nothing.
     * @param decide asked again when the delivery has moved on
     * @throws Problem 404, and whatever `decide` throws
     */
    async change(ref: DeliveryRef, decide: (delivery: DeliveryDoc) => DeliveryChange): Promise<DeliveryDoc> {
      for (let tries = 0; tries < maxTries; tries++) {
        const read = await get(ref);
        const asRead = { _id: read._id, status: read.status, attempts: read.attempts };
        const after = await deliveries
          .findOneAndUpdate(asRead, { $set: decide(read) }, { returnDocument: 'after' })
          .lean<DeliveryDoc>()
          .exec();
        if (after) return after;
      }
      throw conflict('concurrent_changes', 'This delivery is changing all the time: try again.');
    },
  };
}
