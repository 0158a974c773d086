import type { Model } from 'mongoose';
import { trusted } from '../../db/schema-options.js';
import type { EventDoc } from '../../events/model.js';
import { firstIdAt } from '../../lib/ids.js';

const secondMs = 1_000;
/** Looked through one after another: where events come fast, the newest is in the first, and nothing more is read. */
const windowsMs = [2 * secondMs, 60 * secondMs, 3_600 * secondMs, 86_400 * secondMs, 60 * 86_400 * secondMs];

/** The data of an org's newest `event.created`, as JSON text; null when there is none. */
export type NewestEvent = (orgId: string) => Promise<string | null>;

export const createNewestEvent =
  ({ events }: { events: Model<EventDoc> }): NewestEvent =>
  async (orgId) => {
    const now = Date.now();
    let before = firstIdAt('evt', now + 60 * secondMs);
    for (const windowMs of windowsMs) {
      const from = firstIdAt('evt', now - windowMs);
      const newest = await events
        .findOne(
          { org_id: orgId, _id: trusted({ $gte: from, $lt: before }), type: 'event.created' },
          { data: 1 },
          { sort: { _id: -1 } },
        )
        .lean<Pick<EventDoc, 'data'> | null>()
        .exec();
      if (newest) return newest.data;
      before = from;
    }
    return null;
  };
