import type { Model } from 'mongoose';
import { trusted } from '../db/schema-options.js';
import { insertMissing } from '../db/insert-missing.js';
import type { EventDoc } from './model.js';

export type EventStore = ReturnType<typeof createEventStore>;

/** Events in MongoDB, each once. */
export function createEventStore({ events }: { events: Model<EventDoc> }) {
  /** Of these events, which have been stored under ids that may be others. */
  async function stored(docs: readonly EventDoc[]): Promise<Map<string, string>> {
    const filter = {
      org_id: trusted({ $in: [...new Set(docs.map(({ org_id }) => org_id))] }),
      dedupe_key: trusted({ $in: docs.map(({ dedupe_key }) => dedupe_key) }),
    };
    const found = await events.find(filter, { org_id: 1, dedupe_key: 1 }).lean();
    const idBy = new Map(found.map((doc) => [keyOf(doc), doc._id]));
    return new Map(docs.flatMap((doc) => (idBy.has(keyOf(doc)) ? [[doc._id, idBy.get(keyOf(doc)) ?? '']] : [])));
  }

  return {
    events,

    /**
     * Stores what is not there yet; those of one call have keys of their own.
     * @returns those that were there already: of the id that was given, the one that it has. The same id: it is the
     * same append again, after a crash.
     */
    async append(docs: readonly EventDoc[]): Promise<Map<string, string>> {
      const refused = await insertMissing(events, docs);
      return refused.length === 0 ? new Map() : stored(refused);
    },

    /** Nothing more is to be made of these. */
    async markDone(ids: readonly string[]): Promise<void> {
      if (ids.length === 0) return;
      await events.updateMany({ _id: trusted({ $in: [...ids] }) }, { $set: { due: false } });
    },
  };
}

const keyOf = ({ org_id, dedupe_key }: Pick<EventDoc, 'org_id' | 'dedupe_key'>) => `${org_id}/${dedupe_key}`;
