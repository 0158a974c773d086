import type { Model } from 'mongoose';
import { insertMissing } from '../../db/insert-missing.js';
import { oldestFirst, type OldestFirstOptions } from '../../db/oldest-first.js';
import { trusted } from '../../db/schema-options.js';
import type { EventDoc } from '../../events/model.js';
import { unprocessable } from '../../http/problem.js';
import type { EndpointDoc } from '../endpoints/model.js';
import type { EndpointStore } from '../endpoints/store.js';
import { audienceOf, deliveriesOf } from '../publishing/fan-out.js';
import { attemptedNow, recovered, type DeliveryChange } from './change.js';
import type { DeliveryDoc } from './model.js';
import { endpointIn, refuseDisabled } from './endpoint-in.js';

export interface RecoverDeps {
  endpoints: Pick<EndpointStore, 'findIn'>;
  events: Model<EventDoc>;
  deliveries: Model<DeliveryDoc>;
  retentionDays: number;
  /** In one batch, for tests. */
  max?: number;
}

/**
 * Makes due again what failed, and brings what was missed: events of the endpoint's types that have no delivery, because it
 * was disabled when they came, or did not want them yet. Events from before the endpoint was made are not its own.
 * Both by the time of the event, so what `GET …/deliveries?status=failed&since=` shows is what this brings. Ended
 * halfway, it is done by being called again: what is brought already is not counted twice.
 * @returns how many are to be delivered
 * @throws Problem 404, 409 `endpoint_disabled`, 422 for a time past retention
 */
export type Recover = (orgId: string, endpointId: string, options: RecoverOptions) => Promise<number>;

export interface RecoverOptions {
  since: Date;
  /** Attempts now what waits for its next attempt, too. Its schedule goes on from where it is. */
  retrying?: boolean | undefined;
}

const dayMs = 86_400_000;
/** Whoever asks for all of retention asks a moment too late. */
const graceMs = 3_600_000;
/** Clocks of other processes may differ, and under an Idempotency-Key an id is a moment older than its event. */
const aheadMs = 60_000;

export function createRecover({ endpoints, events, deliveries, retentionDays, max = 1_000 }: RecoverDeps): Recover {
  const reading = (sinceMs: number) => ({ prefix: 'evt', sinceMs, untilMs: Date.now() + aheadMs, max });

  /** Makes all deliveries in a status due now. @param filter says which of them, at the time of the write as well */
  async function makeDue(
    { _id }: EndpointDoc,
    sinceMs: number,
    filter: { status: 'failed' } | { status: 'retrying'; epoch: null },
    change: (at: Date) => DeliveryChange,
  ): Promise<number> {
    let count = 0;
    const options: OldestFirstOptions<Pick<DeliveryDoc, '_id' | 'event_id'>> = {
      ...reading(sinceMs),
      idOf: ({ event_id }) => event_id,
    };
    const batches = oldestFirst(({ after, before }, limit) => {
      const inBatch = { ...filter, endpoint_id: _id, event_id: trusted({ $gt: after, $lt: before }) };
      const fields = { event_id: 1 } as const;
      return (
        deliveries
          // What a test sent is not what anybody has missed.
          .find({ ...inBatch, trigger: trusted({ $ne: 'test' }) }, fields)
          .sort({ event_id: 1 })
          .limit(limit)
          .lean<Pick<DeliveryDoc, '_id' | 'event_id'>[]>()
          .exec()
      );
    }, options);
    for await (const batch of batches) {
      const ids = trusted({ $in: batch.map((one) => one._id) });
      const { modifiedCount } = await deliveries.updateMany({ _id: ids, ...filter }, { $set: change(new Date()) });
      count += modifiedCount;
    }
    return count;
  }

  async function missed(endpoint: EndpointDoc, sinceMs: number): Promise<number> {
    let count = 0;
    const options = { ...reading(sinceMs), idOf: ({ _id }: EventDoc) => _id };
    const batches = oldestFirst(({ after, before }, limit) => {
      const filter = { org_id: endpoint.org_id, _id: trusted({ $gt: after, $lt: before }) };
      return (
        events
          // All that a delivery is made from. Types are told apart below: asked for here, they keep the stand-in from the index.
          .find(filter, { org_id: 1, type: 1, created_at: 1 })
          .sort({ _id: 1 })
          .limit(limit)
          .lean<EventDoc[]>()
          .exec()
      );
    }, options);
    for await (const batch of batches) {
      // Of other types nothing is made.
      const own = batch.filter(({ created_at }) => created_at >= endpoint.created_at);
      count += await bring(endpoint, own);
    }
    return count;
  }

  /** Deliveries with the ids that publishing gives them: there is one of each, whoever is quicker. */
  async function bring(endpoint: EndpointDoc, missing: readonly EventDoc[]): Promise<number> {
    const at = new Date();
    const docs = [...deliveriesOf(missing, audienceOf([endpoint]))].map((doc): DeliveryDoc => ({
      ...doc,
      trigger: 'recovery',
      next_attempt_at: at,
      created_at: at,
    }));
    if (docs.length === 0) return 0;
    const ids = docs.map(({ _id }) => _id);
    const there = await deliveries
      .find({ _id: trusted({ $in: ids }) }, { _id: 1 })
      .lean<Pick<DeliveryDoc, '_id'>[]>()
      .exec();
    const known = new Set(there.map(({ _id }) => _id));
    const fresh = docs.filter(({ _id }) => !known.has(_id));
    const refused = await insertMissing(deliveries, fresh);
    return fresh.length - refused.length;
  }

  return async (orgId, endpointId, { since, retrying = false }) => {
    const endpoint = await endpointIn(endpoints, orgId, endpointId);
    const oldestMs = Date.now() - retentionDays * dayMs;
    if (since.getTime() < oldestMs - graceMs) {
      throw unprocessable([{ path: 'since', message: `must be within the last ${retentionDays} days` }]);
    }
    refuseDisabled(endpoint);
    // What is older has lost its payload, or is about to.
    const sinceMs = Math.max(since.getTime(), oldestMs);
    const madeMs = endpoint.created_at.getTime() - aheadMs;
    const missedCount = await missed(endpoint, Math.max(sinceMs, madeMs));
    const failedCount = await makeDue(endpoint, sinceMs, { status: 'failed' }, recovered);
    // One with an epoch is being attempted right now.
    const waiting = { status: 'retrying', epoch: null } as const;
    const retriedCount = retrying ? await makeDue(endpoint, sinceMs, waiting, attemptedNow) : 0;
    return missedCount + failedCount + retriedCount;
  };
}
