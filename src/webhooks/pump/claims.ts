import type { Model } from 'mongoose';
import { trusted } from '../../db/schema-options.js';
import type { EventDoc } from '../../events/model.js';
import type { DeliveryDoc } from '../deliveries/model.js';
import { dropOrphans } from '../deliveries/orphans.js';
import { oldestUnsettled } from '../deliveries/unsettled.js';
import { partitions as allPartitions } from '../endpoints/partition.js';
import { groupBy } from '../group-by.js';
import type { DueDelivery } from './types.js';

export const openStatuses = ['pending', 'retrying'] as const;

/** How far a pump puts off what was never attempted, at most. */
export const maxDeferMs = 60_000;

/** `next_attempt_at` may be null, which is not a date; this lower bound excludes it. */
const beginning = new Date(0);

const fields = {
  org_id: 1,
  endpoint_id: 1,
  endpoint_version: 1,
  event_id: 1,
  status: 1,
  attempts: 1,
  failures: 1,
  trigger: 1,
  next_attempt_at: 1,
  epoch: 1,
  created_at: 1,
} as const satisfies Partial<Record<keyof DueDelivery, 1>>;

export interface ClaimsDeps {
  deliveries: Model<DeliveryDoc>;
  events: Model<EventDoc>;
  epoch: number;
  partitions: readonly number[];
  /** How long a claim holds without a renewal. */
  claimMs: number;
}

export type Claims = ReturnType<typeof createClaims>;

/** One pump's claims on deliveries, in MongoDB. */
export function createClaims({ deliveries, events, epoch, partitions, claimMs }: ClaimsDeps) {
  const ours = partitions.length >= allPartitions ? {} : { partition: trusted({ $in: [...partitions] }) };
  const open = trusted({ $in: [...openStatuses] });
  const voidAt = () => new Date(Date.now() + claimMs);

  const read = (filter: object, limit: number): Promise<DueDelivery[]> =>
    deliveries
      .find({ ...filter, ...ours }, fields)
      .limit(limit)
      .lean<DueDelivery[]>()
      .exec();

  async function claimOf(held: number | null, docs: readonly DueDelivery[]): Promise<readonly DueDelivery[]> {
    const ids = trusted({ $in: docs.map(({ _id }) => _id) });
    const free = { _id: ids, status: open, epoch: held };
    // A delivery with an epoch is free only when its claim has expired, because its holder renews the claim.
    const filter = held === null ? free : { ...free, next_attempt_at: trusted({ $lte: new Date() }) };
    const { modifiedCount } = await deliveries.updateMany(filter, { $set: { epoch, next_attempt_at: voidAt() } });
    if (modifiedCount === docs.length) return docs;
    const mine = await deliveries.find({ _id: ids, epoch, status: open }, { _id: 1 }).lean<{ _id: string }[]>().exec();
    const claimed = new Set(mine.map(({ _id }) => _id));
    return docs.filter(({ _id }) => claimed.has(_id));
  }

  return {
    epoch,

    /** The deliveries that are due in this range of time, in no particular order. */
    due: (after: Date | null, upTo: Date, limit: number): Promise<DueDelivery[]> =>
      read({ next_attempt_at: trusted({ $gt: after ?? beginning, $lte: upTo }), status: open }, limit),

    /** The unsettled deliveries of an endpoint up to this event, the oldest first. */
    unsettled: (endpointId: string, upTo: string, limit: number): Promise<DueDelivery[]> =>
      oldestUnsettled<DueDelivery>(deliveries, endpointId, { upTo, limit, fields }),

    /**
     * Claims deliveries until the claim expires.
     * @returns the claimed ones; the others were claimed by a newer pump or are settled
     */
    async claim(docs: readonly DueDelivery[]): Promise<DueDelivery[]> {
      // Never take a newer pump's claims: this pump is the late one.
      const claimed: DueDelivery[] = [];
      for (const [held, group] of groupBy(docs, (doc) => doc.epoch))
        if (held === null || held <= epoch) claimed.push(...(await claimOf(held, group)));
      return claimed;
    },

    /** Renews the claims of this pump. */
    async renew(ids: readonly string[]): Promise<void> {
      if (ids.length === 0) return;
      await deliveries.updateMany(
        { _id: trusted({ $in: [...ids] }), epoch, status: open },
        { $set: { next_attempt_at: voidAt() } },
      );
    },

    /** Defers or parks due deliveries that no pump has claimed. */
    async move(docs: readonly DueDelivery[], set: { status?: 'parked'; next_attempt_at: Date | null }): Promise<void> {
      if (docs.length === 0) return;
      const ids = trusted({ $in: docs.map(({ _id }) => _id) });
      // A delivery that was attempted in the meantime has a later time already.
      const due = trusted({ $lte: new Date() });
      await deliveries.updateMany({ _id: ids, status: open, epoch: null, next_attempt_at: due }, { $set: set });
    },

    /** Drops claimed deliveries whose event was never accepted. */
    drop: (ids: readonly string[]): Promise<void> => dropOrphans({ deliveries, events }, { _id: [...ids], epoch }),

    /**
     * Reclaims the deliveries that earlier pumps had claimed when they died, and those that they had deferred: behind another
     * one of an ordered endpoint, say, which only that pump remembered.
     */
    async reclaim(): Promise<void> {
      const claimed = trusted({ $gt: new Date(), $lte: new Date(Date.now() + 2 * claimMs) });
      await deliveries.updateMany(
        { next_attempt_at: claimed, epoch: trusted({ $ne: null, $lt: epoch }), status: open, ...ours },
        { $set: { epoch: null, next_attempt_at: new Date() } },
      );
      const deferred = trusted({ $gt: new Date(), $lte: new Date(Date.now() + maxDeferMs) });
      await deliveries.updateMany(
        { next_attempt_at: deferred, epoch: null, status: 'pending', attempts: 0, ...ours },
        { $set: { next_attempt_at: new Date() } },
      );
    },
  };
}
