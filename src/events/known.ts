import type { Model } from 'mongoose';
import { trusted } from '../db/schema-options.js';
import type { EventDoc } from './model.js';

/** Makes an event one: its org and its key. */
export const eventKey = ({ org_id, dedupe_key }: Pick<EventDoc, 'org_id' | 'dedupe_key'>) => `${org_id}/${dedupe_key}`;

/** What is stored of an event that is known. */
export type KnownEvent = Pick<EventDoc, '_id' | 'org_id' | 'type' | 'created_at'>;

/** Of these events, those that are stored: by the id that was given, what is stored under their key. */
export async function knownEvents(
  events: Model<EventDoc>,
  docs: readonly EventDoc[],
): Promise<Map<string, KnownEvent>> {
  const filter = {
    org_id: trusted({ $in: [...new Set(docs.map(({ org_id }) => org_id))] }),
    dedupe_key: trusted({ $in: docs.map(({ dedupe_key }) => dedupe_key) }),
  };
  const fields = { org_id: 1, dedupe_key: 1, type: 1, created_at: 1 } as const;
  const found = await events.find(filter, fields).lean<(KnownEvent & Pick<EventDoc, 'dedupe_key'>)[]>();
  const byKey = new Map(found.map((event) => [eventKey(event), event]));
  return new Map(
    docs.flatMap((doc): [string, KnownEvent][] => {
      const event = byKey.get(eventKey(doc));
      return event ? [[doc._id, event]] : [];
    }),
  );
}

/** Of the ids that were given, those that the events have. */
export const idsOf = (known: ReadonlyMap<string, KnownEvent>): Map<string, string> =>
  new Map([...known].map(([given, { _id }]) => [given, _id]));
