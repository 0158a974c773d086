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

/** Null in `next_attempt_at` is no date: this keeps it out of the bounds. */
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
  /** How long a claim holds without being renewed. */
  claimMs: number;
}

export type Claims = ReturnType<typeof createClaims>;

/** One pump's hold on deliveries, in MongoDB. */
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
    // What has an epoch is free only once its claim is void: whoever has it renews it.
    const filter = held === null ? free : { ...free, next_attempt_at: trusted({ $lte: new Date() }) };
    const { modifiedCount } = await deliveries.updateMany(filter, { $set: { epoch, next_attempt_at: voidAt() } });
    if (modifiedCount === docs.length) return docs;
    const mine = await deliveries.find({ _id: ids, epoch, status: open }, { _id: 1 }).lean<{ _id: string }[]>().exec();
    const claimed = new Set(mine.map(({ _id }) => _id));
    return docs.filter(({ _id }) => claimed.has(_id));
  }

  return {
    epoch,

    /** What is due in this stretch of time, in no order that counts. */
    due: (after: Date | null, upTo: Date, limit: number): Promise<DueDelivery[]> =>
      read({ next_attempt_at: trusted({ $gt: after ?? beginning, $lte: upTo }), status: open }, limit),

    /** All that an endpoint is still to get up to this event, the oldest first. */
    unsettled: (endpointId: string, upTo: string, limit: number): Promise<DueDelivery[]> =>
      oldestUnsettled<DueDelivery>(deliveries, endpointId, { upTo, limit, fields }),

    /** Makes them ours, until the claim is void. @returns those that are; others were quicker, or they are settled */
    async claim(docs: readonly DueDelivery[]): Promise<DueDelivery[]> {
      // A newer pump's are not ours to take: it is us who are late.
      const claimed: DueDelivery[] = [];
      for (const [held, group] of groupBy(docs, (doc) => doc.epoch))
        if (held === null || held <= epoch) claimed.push(...(await claimOf(held, group)));
      return claimed;
    },

    /** Ours stay ours. */
    async renew(ids: readonly string[]): Promise<void> {
      if (ids.length === 0) return;
      await deliveries.updateMany(
        { _id: trusted({ $in: [...ids] }), epoch, status: open },
        { $set: { next_attempt_at: voidAt() } },
      );
    },

    /** Moves, or parks, what is due and nobody has claimed. */
    async move(docs: readonly DueDelivery[], set: { status?: 'parked'; next_attempt_at: Date | null }): Promise<void> {
      if (docs.length === 0) return;
      const ids = trusted({ $in: docs.map(({ _id }) => _id) });
      // What was tried meanwhile has a time of its own by now.
      const due = trusted({ $lte: new Date() });
      await deliveries.updateMany({ _id: ids, status: open, epoch: null, next_attempt_at: due }, { $set: set });
    },

    /** Drops deliveries of ours whose event was never accepted. */
    drop: (ids: readonly string[]): Promise<void> => dropOrphans({ deliveries, events }, { _id: [...ids], epoch }),

    /** Takes back what pumps before this one had claimed when they died. */
    async reclaim(): Promise<void> {
      const claimed = trusted({ $gt: new Date(), $lte: new Date(Date.now() + 2 * claimMs) });
      await deliveries.updateMany(
        { next_attempt_at: claimed, epoch: trusted({ $ne: null, $lt: epoch }), status: open, ...ours },
        { $set: { epoch: null, next_attempt_at: new Date() } },
      );
    },
  };
}
