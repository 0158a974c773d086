import type { Model } from 'mongoose';
import { trusted } from '../db/schema-options.js';
import type { EventDoc } from './model.js';

/** Makes an event one: its org and its key. */
export const eventKey = ({ org_id, dedupe_key }: Pick<EventDoc, 'org_id' | 'dedupe_key'>) => `${org_id}/${dedupe_key}`;

/** Of these events, those that are stored: of the id that was given, the one that it has. */
export async function knownEvents(events: Model<EventDoc>, docs: readonly EventDoc[]): Promise<Map<string, string>> {
  const filter = {
    org_id: trusted({ $in: [...new Set(docs.map(({ org_id }) => org_id))] }),
    dedupe_key: trusted({ $in: docs.map(({ dedupe_key }) => dedupe_key) }),
  };
  const found = await events.find(filter, { org_id: 1, dedupe_key: 1 }).lean();
  const idBy = new Map(found.map((doc) => [eventKey(doc), doc._id]));
  return new Map(docs.flatMap((doc) => (idBy.has(eventKey(doc)) ? [[doc._id, idBy.get(eventKey(doc)) ?? '']] : [])));
}
