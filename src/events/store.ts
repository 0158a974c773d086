import type { Model } from 'mongoose';
import { insertMissing } from '../db/insert-missing.js';
import { trusted } from '../db/schema-options.js';
import { idsOf, knownEvents } from './known.js';
import type { EventDoc } from './model.js';

/**
 * Stores what is not there yet; those of one call have keys of their own.
 * @returns those that were there already: of the id that was given, the one that it has. The same id: it is the
 * same append again, after a crash.
 */
export type AppendEvents = (docs: readonly EventDoc[]) => Promise<Map<string, string>>;

/** Stores events with their deliveries. */
export interface EventPublisher {
  append: AppendEvents;
  /**
   * Appends events of this org, later: whom they go to is read meanwhile. Who knows already that there will be events
   * saves a round trip.
   */
  expect: (orgId: string) => AppendEvents;
}

export type EventStore = ReturnType<typeof createEventStore>;

export interface EventStoreDeps {
  events: Model<EventDoc>;
  /** Without it there are no deliveries. */
  publisher?: EventPublisher | undefined;
}

/** Events in MongoDB, each once. */
export function createEventStore({ events, publisher }: EventStoreDeps) {
  const insert: AppendEvents = async (docs) => {
    const refused = await insertMissing(events, docs);
    return refused.length === 0 ? new Map() : idsOf(await knownEvents(events, refused));
  };

  return {
    events,
    append: publisher?.append ?? insert,
    expect: publisher?.expect ?? (() => insert),

    /** Nothing more is to be made of these. */
    async markDone(ids: readonly string[]): Promise<void> {
      if (ids.length === 0) return;
      await events.updateMany({ _id: trusted({ $in: [...ids] }) }, { $set: { due: false } });
    },
  };
}
