import type { Model } from 'mongoose';
import { insertMissing } from '../../db/insert-missing.js';
import { trusted } from '../../db/schema-options.js';
import type { EventDoc } from '../../events/model.js';
import type { DeliveryDoc } from './model.js';

/**
 * Drops deliveries whose events were never accepted. One whose event comes at this very moment, after somebody looked for it, is
 * put back: its publisher may have found it still there.
 * @param which a filter of deliveries; each has been looked for already
 */
export async function dropOrphans(
  { deliveries, events }: { deliveries: Model<DeliveryDoc>; events: Model<EventDoc> },
  which: { _id: string[] } & Partial<Pick<DeliveryDoc, 'epoch' | 'status'>>,
): Promise<void> {
  if (which._id.length === 0) return;
  const filter = { ...which, _id: trusted({ $in: which._id }) };
  const dropped = await deliveries.find(filter).lean<DeliveryDoc[]>();
  await deliveries.deleteMany(filter);
  const ids = dropped.map(({ event_id }) => event_id);
  const come = await events.find({ _id: trusted({ $in: ids }) }, { _id: 1 }).lean();
  const areThere = new Set(come.map(({ _id }) => _id));
  const due = { status: 'pending', epoch: null, next_attempt_at: new Date() } as const;
  await insertMissing(
    deliveries,
    dropped.filter(({ event_id }) => areThere.has(event_id)).map((delivery) => ({ ...delivery, ...due })),
  );
}
