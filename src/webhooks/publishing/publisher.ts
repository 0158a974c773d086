import type { Model } from 'mongoose';
import { insertMissing } from '../../db/insert-missing.js';
import { trusted } from '../../db/schema-options.js';
import { isDatabaseUnavailable } from '../../db/unavailable.js';
import { eventKey, knownEvents } from '../../events/known.js';
import type { EventDoc } from '../../events/model.js';
import type { AppendEvents } from '../../events/store.js';
import type { DeliveryDoc } from '../deliveries/model.js';
import type { EndpointStore, Subscriber } from '../endpoints/store.js';
import { deliveriesOf, inChunks } from './fan-out.js';
import { createGroupCommit } from './group-commit.js';

export interface PublisherDeps {
  events: Model<EventDoc>;
  deliveries: Model<DeliveryDoc>;
  endpoints: Pick<EndpointStore, 'forEvents'>;
}

export interface Publisher {
  /** As `AppendEvents`, each event with its deliveries: of the endpoints that are enabled when this is called. */
  append: AppendEvents;
}

interface Committed {
  /** What MongoDB or this very group had already. */
  refused: EventDoc[];
  /** Whether they may have been refused because this append had stored them itself. */
  again: boolean;
  subscribers: readonly Subscriber[];
}

const mostEvents = 500;
/** One of such a size counts as two, so a group of events has some 8 MiB at most. */
const charactersOfOne = 16 * 1024;
/** An org may have so many endpoints that all deliveries of a call would not fit into memory. */
const mostDeliveries = 5_000;
/**
 * The pump drops a delivery whose event has not come for at least half a minute. Where that may have met one of ours, we
 * insert it again when its event is there, which keeps it.
 */
const slowMs = 20_000;
/** An event that MongoDB refuses as a duplicate is there a moment later, unless something is broken. */
const triesAtMost = 3;

/**
 * Stores events together with their deliveries, and those of calls at the same time in groups. **Deliveries come
 * first**: one without its event was never accepted and is dropped, an event without its deliveries would be lost.
 */
export function createPublisher({ events, deliveries, endpoints }: PublisherDeps): Publisher {
  const commitInGroup = createGroupCommit({
    commit: commitTogether,
    weightOf: (docs: readonly EventDoc[]) =>
      docs.reduce((weight, { data }) => weight + 1 + Math.floor(data.length / charactersOfOne), 0),
    mostWeight: mostEvents,
    concernsAll: isDatabaseUnavailable,
  });

  async function commitTogether(calls: readonly (readonly EventDoc[])[], again: boolean): Promise<Committed[]> {
    const firsts = new Map<string, EventDoc>();
    for (const doc of calls.flat()) if (!firsts.has(eventKey(doc))) firsts.set(eventKey(doc), doc);
    const docs = [...firsts.values()];
    // Read by each group, after the last of its calls has come: an endpoint made before a call gets its events.
    const subscribers = await endpoints.forEvents([...new Set(docs.map(({ org_id }) => org_id))]);
    const areNew = await insertDeliveries(docs, subscribers);
    const refused = new Set(await insertMissing(events, docs));
    const isSlow = docs.some(({ created_at }) => Date.now() - created_at.getTime() > slowMs);
    if (!areNew || isSlow) {
      const stored = docs.filter((doc) => !refused.has(doc));
      await insertDeliveries(stored, subscribers);
    }
    return calls.map((call) => ({
      refused: call.filter((doc) => refused.has(doc) || firsts.get(eventKey(doc)) !== doc),
      again,
      subscribers,
    }));
  }

  /** @returns whether all of them are new */
  async function insertDeliveries(docs: readonly EventDoc[], subscribers: readonly Subscriber[]): Promise<boolean> {
    let areNew = true;
    for (const chunk of inChunks(deliveriesOf(docs, subscribers), mostDeliveries)) {
      const there = await insertMissing(deliveries, chunk);
      if (there.length > 0) areNew = false;
    }
    return areNew;
  }

  /** Those of events that were there under other ids. Should this fail, the pump drops them. */
  async function dropDeliveries(docs: readonly EventDoc[], subscribers: readonly Subscriber[]): Promise<void> {
    for (const chunk of inChunks(deliveriesOf(docs, subscribers), mostDeliveries)) {
      const ids = chunk.map(({ _id }) => _id);
      await deliveries.deleteMany({ _id: trusted({ $in: ids }) }).catch(() => undefined);
    }
  }

  async function append(docs: readonly EventDoc[], triesLeft: number): Promise<Map<string, string>> {
    const { refused, again, subscribers } = await commitInGroup(docs);
    if (refused.length === 0) return new Map();
    const idOf = await knownEvents(events, refused);
    const isOwn = ({ _id }: EventDoc) => idOf.get(_id) === _id;
    await dropDeliveries(
      refused.filter((doc) => idOf.has(doc._id) && !isOwn(doc)),
      subscribers,
    );
    const missing = refused.filter(({ _id }) => !idOf.has(_id));
    if (missing.length > 0 && triesLeft === 0) throw new Error('An event was refused as a duplicate of none.');
    if (again) for (const doc of refused) if (isOwn(doc)) idOf.delete(doc._id);
    const later = missing.length === 0 ? [] : await append(missing, triesLeft - 1);
    return new Map([...idOf, ...later]);
  }

  return { append: (docs) => (docs.length === 0 ? Promise.resolve(new Map()) : append(docs, triesAtMost)) };
}
