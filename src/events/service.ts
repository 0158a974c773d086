import type { Timings } from '../config/index.js';
import type { IdPrefix } from '../lib/ids.js';
import type { Logger } from '../observability/logger.js';
import type { EventDoc, EventRaise } from './model.js';
import { newEvent } from './new-event.js';
import type { EventInput, Ingested } from './schema.js';
import type { EventStore } from './store.js';

/** What the escalations feature makes of events. */
export interface EventEscalation {
  /**
   * Decides what events raise, by the org's policies and routing of this moment.
   * @param options.newId makes an escalation's id
   * @returns an entry for each event, in their order; null for an event that raises nothing
   */
  decide(
    orgId: string,
    inputs: readonly EventInput[],
    options: { at: Date; newId: () => string },
  ): Promise<(EventRaise | null)[]>;
  /**
   * Inserts the escalations of these events, and marks the events as done. Safe to repeat.
   * @returns once the escalations are stored; `marked` resolves when the events are marked, which callers need not wait for
   */
  raise(events: Pick<EventStore, 'markDone'>, docs: readonly EventDoc[]): Promise<{ marked: Promise<void> }>;
}

export interface IngestDeps {
  store: EventStore;
  escalation: EventEscalation;
  logger: Logger;
  timings: Pick<Timings, 'dispatch'>;
}

/**
 * Stores events and raises what they call for.
 * @param newId under an Idempotency-Key, gives the same ids again: a repetition finds its own events
 * @returns an entry for each event, in their order
 */
export type Ingest = (
  orgId: string,
  inputs: readonly EventInput[],
  newId: (prefix: IdPrefix) => string,
) => Promise<Ingested['events']>;

export function createIngest({ store, escalation, logger, timings }: IngestDeps): Ingest {
  return async (orgId, inputs, newId) => {
    const at = new Date();
    const graceMs = timings.dispatch.eventGraceMs;
    const append = store.expect(orgId);
    const raises = await escalation.decide(orgId, inputs, { at, newId: () => newId('esc') });
    // Sorted: what came in one call stays in its order.
    const ids = inputs.map(() => newId('evt')).sort();
    const docs = inputs.map(({ type, data, occurred_at: occurredAt = at, id: sourceId = null }, index) => {
      const [id = newId('evt'), raise = null] = [ids[index], raises[index]];
      return newEvent({ id, orgId, type, data: data.json, occurredAt, sourceId, at, raise, graceMs });
    });
    const firsts = firstOfEach(docs);
    const known = await append([...firsts.values()]);
    const added = [...firsts.values()].filter(({ _id }) => !known.has(_id));
    try {
      const { marked } = await escalation.raise(store, added);
      marked.catch(() => undefined);
    } catch (err) {
      // The events are accepted, and sent again they would be others: the dispatcher goes on from here.
      logger.warn({ err, org: orgId }, 'escalations were not raised with their events; the dispatcher raises them');
    }
    return docs.map((doc) => {
      const first = firsts.get(doc.dedupe_key)?._id ?? doc._id;
      const id = known.get(first) ?? first;
      return { id, source_id: doc.source_id, duplicate: id !== doc._id };
    });
  };
}

/** The first event of each key; those after it are duplicates. */
function firstOfEach(docs: readonly EventDoc[]): Map<string, EventDoc> {
  const firsts = new Map<string, EventDoc>();
  for (const doc of docs) if (!firsts.has(doc.dedupe_key)) firsts.set(doc.dedupe_key, doc);
  return firsts;
}
