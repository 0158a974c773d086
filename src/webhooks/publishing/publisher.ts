import type { Model } from 'mongoose';
import type { Timings } from '../../config/index.js';
import { insertMissing } from '../../db/insert-missing.js';
import { trusted } from '../../db/schema-options.js';
import { isDatabaseUnavailable } from '../../db/errors.js';
import { eventKey, idsOf, knownEvents, type KnownEvent } from '../../events/known.js';
import type { EventDoc } from '../../events/model.js';
import { createSharedReads } from '../../db/shared-reads.js';
import type { AppendEvents, EventPublisher } from '../../events/store.js';
import { timeOf } from '../../lib/ids.js';
import type { DeliveryDoc } from '../deliveries/model.js';
import type { EndpointStore } from '../endpoints/store.js';
import { groupBy } from '../group-by.js';
import { audienceOf, deliveriesOf, inChunks, type Audience } from './fan-out.js';
import { createGroupCommit } from './group-commit.js';

export interface PublisherDeps {
  events: Model<EventDoc>;
  deliveries: Model<DeliveryDoc>;
  endpoints: Pick<EndpointStore, 'forEvents'>;
  timings: Pick<Timings, 'pump'>;
}

/** One call's events, and whom they go to. */
interface Call<E = EventDoc> {
  docs: readonly E[];
  audience: Audience;
}

interface Committed {
  /** What MongoDB or this very group had already. */
  refused: EventDoc[];
  /** Whether they may have been refused because this append had stored them itself. */
  again: boolean;
}

const nobody: Audience = new Map();
const maxEvents = 500;
/** One of such a size counts as two, so a group of events has some 8 MiB at most. */
const charactersOfOne = 16 * 1024;
/** An org may have so many endpoints that all deliveries of a call would not fit into memory. */
const maxDeliveries = 5_000;
/** An event that MongoDB refuses as a duplicate is there a moment later, unless something is broken. */
const maxTries = 3;

/**
 * An event that is sent again by its id gets what is missing of its deliveries: the call that brought it may have died between the two.
 * Later than this they are there, or past their time.
 */
const mendedForMs = 24 * 60 * 60 * 1000;

/**
 * Stores events together with their deliveries, and those of calls at the same time in groups. **An event is accepted when both are
 * there.** They are written at once: a delivery without its event is dropped by the pump, and an event without its deliveries gets
 * them when it is sent again, which whoever had no answer does.
 * An event goes to the endpoints that are enabled when its call comes, or a moment later.
 */
export function createPublisher({ events, deliveries, endpoints, timings }: PublisherDeps): EventPublisher {
  // Begun after a call has come: an endpoint made before it gets its events.
  const audienceIn = createSharedReads(async (orgIds) => {
    const found = groupBy(await endpoints.forEvents(orgIds), ({ org_id }) => org_id);
    return new Map([...found].map(([orgId, subscribers]) => [orgId, audienceOf(subscribers)]));
  });
  const commitInGroup = createGroupCommit({
    commit: commitBatch,
    weightOf: ({ docs }: Call) =>
      docs.reduce((weight, { data }) => weight + 1 + Math.floor(data.length / charactersOfOne), 0),
    maxWeight: maxEvents,
    concernsAll: isDatabaseUnavailable,
    // While one group is on its way the next one gathers, and larger ones cost less; past this something holds the first up.
    patienceMs: 20,
  });

  async function commitBatch(calls: readonly Call[], again: boolean): Promise<Committed[]> {
    const firsts = new Map<string, EventDoc>();
    for (const doc of calls.flatMap(({ docs }) => docs)) if (!firsts.has(eventKey(doc))) firsts.set(eventKey(doc), doc);
    const isFirst = (doc: EventDoc) => firsts.get(eventKey(doc)) === doc;
    const fresh = calls.map(({ docs, audience }) => ({ docs: docs.filter(isFirst), audience }));
    const [stored, areNew] = await both(insertMissing(events, [...firsts.values()]), insertDeliveries(fresh));
    const refused = new Set(stored);
    // The pump may have dropped the deliveries by now, because it found no event.
    const isSlow = fresh.some(({ docs }) =>
      docs.some(({ created_at }) => Date.now() - created_at.getTime() > timings.pump.publishWithinMs),
    );
    if (!areNew || isSlow) {
      await insertDeliveries(fresh.map((call) => ({ ...call, docs: call.docs.filter((doc) => !refused.has(doc)) })));
    }
    return calls.map(({ docs }) => ({ refused: docs.filter((doc) => refused.has(doc) || !isFirst(doc)), again }));
  }

  /** @returns whether all of them are new */
  async function insertDeliveries(calls: readonly Call<KnownEvent>[]): Promise<boolean> {
    let areNew = true;
    for (const chunk of inChunks(deliveriesOfAll(calls), maxDeliveries)) {
      const there = await insertMissing(deliveries, chunk);
      if (there.length > 0) areNew = false;
    }
    return areNew;
  }

  /** Those of events that were there under other ids. Should this fail, the pump drops them. */
  async function dropDeliveries(call: Call): Promise<void> {
    for (const chunk of inChunks(deliveriesOfAll([call]), maxDeliveries)) {
      const ids = chunk.map(({ _id }) => _id);
      await deliveries.deleteMany({ _id: trusted({ $in: ids }) }).catch(() => undefined);
    }
  }

  /** Before anybody is told that they are known. An endpoint that was made since has nothing to do with them. */
  async function mend(known: readonly KnownEvent[], audience: Audience): Promise<void> {
    const since = Date.now() - mendedForMs;
    const recent = known.filter(({ created_at }) => created_at.getTime() > since);
    const calls = recent.map((event) => {
      const those = audience.get(event.type) ?? [];
      const before = those.filter(({ _id }) => timeOf(_id) <= event.created_at.getTime());
      return { docs: [event], audience: new Map([[event.type, before]]) };
    });
    await insertDeliveries(calls);
  }

  async function append({ docs, audience }: Call, triesLeft: number): Promise<Map<string, string>> {
    const { refused, again } = await commitInGroup({ docs, audience });
    if (refused.length === 0) return new Map();
    const known = await knownEvents(events, refused);
    const idOf = idsOf(known);
    const isOwn = ({ _id }: EventDoc) => idOf.get(_id) === _id;
    await dropDeliveries({ docs: refused.filter((doc) => idOf.has(doc._id) && !isOwn(doc)), audience });
    await mend([...known.values()], audience);
    const missing = refused.filter(({ _id }) => !idOf.has(_id));
    if (missing.length > 0 && triesLeft === 0) throw new Error('An event was refused as a duplicate of none.');
    if (again) for (const doc of refused) if (isOwn(doc)) idOf.delete(doc._id);
    const later = missing.length === 0 ? [] : await append({ docs: missing, audience }, triesLeft - 1);
    return new Map([...idOf, ...later]);
  }

  function expect(orgId: string): AppendEvents {
    const reading = audienceIn(orgId);
    // Whoever appends nothing after all has no use for the reason.
    reading.catch(() => undefined);
    return async (docs) =>
      docs.length === 0 ? new Map() : append({ docs, audience: (await reading) ?? nobody }, maxTries);
  }

  return {
    expect,
    async append(docs) {
      const known = await Promise.all(
        [...groupBy(docs, ({ org_id }) => org_id)].map(([orgId, ofOrg]) => expect(orgId)(ofOrg)),
      );
      return new Map(known.flatMap((each) => [...each]));
    },
  };
}

/** Both, to their ends, whatever becomes of one of them: what fails is tried again in parts. */
async function both<A, B>(one: Promise<A>, other: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([one, other]);
  return [await one, await other];
}

function* deliveriesOfAll(calls: readonly Call<KnownEvent>[]): Generator<DeliveryDoc> {
  for (const { docs, audience } of calls) yield* deliveriesOf(docs, audience);
}
