import { defaultTimings } from '../../src/config/timings.js';
import { ensureIndexes } from '../../src/db/indexes.js';
import { dueEscalations } from '../../src/escalations/due-escalations.js';
import { dueEvents } from '../../src/escalations/due-events.js';
import type { EscalationWakeTarget } from '../../src/temporal/escalation-signaler.js';
import { escalationOfEvent } from '../../src/escalations/from-event.js';
import type { EventDoc } from '../../src/events/model.js';
import { newEvent, type NewEvent } from '../../src/events/new-event.js';
import type { RaiseDeps } from '../../src/escalations/event-escalation.js';
import { newId } from '../../src/lib/ids.js';
import { createTestEvents, raising } from '../support/events.js';
import { openTestDatabase } from '../support/mongo.js';

export const ago = (ms: number) => new Date(Date.now() - ms);
const goesOn = new AbortController().signal;

/** A database, and dispatchers whose Temporal only notes what it is asked. */
export async function openDispatch() {
  const { connection, models, close } = await openTestDatabase();
  const parts = createTestEvents(models);
  await ensureIndexes(connection);
  const woken: string[] = [];
  const noticed: string[] = [];
  /** `works`: what is woken is done at once. */
  const temporal = { isUp: true, works: false };
  const signaler = {
    wake: async ({ _id }: EscalationWakeTarget) => {
      woken.push(_id);
      if (temporal.works) await parts.escalations.updateOne({ _id }, { $set: { ring_after: null } });
      return temporal.isUp;
    },
  };
  const startBudgetAlert = ({ orgId, eventId }: { orgId: string; eventId: string }) => {
    noticed.push(`${orgId} ${eventId}`);
    return Promise.resolve(temporal.isUp);
  };
  const timings = defaultTimings;
  const graceMs = timings.dispatch.eventGraceMs;
  const rounds = {
    escalations: () => dueEscalations({ escalations: parts.escalations, signaler, timings }),
    events: (insertAll: RaiseDeps['escalations']['insertAll'] = (all) => parts.escalationStore.insertAll(all)) =>
      dueEvents({ events: parts.store, escalations: { insertAll }, startBudgetAlert, timings }),
  };
  return {
    ...parts,
    connection,
    models,
    close,
    woken,
    noticed,
    temporal,
    rounds,
    /** One round of a dispatcher of its own. */
    runEvents: () => rounds.events().round(goesOn),
    runEscalations: () => rounds.escalations().round(goesOn),
    async clear() {
      await Promise.all([parts.events.deleteMany({}), parts.escalations.deleteMany({})]);
      woken.length = 0;
      noticed.length = 0;
      Object.assign(temporal, { isUp: true, works: false });
    },
    /** An event as a call stores it. */
    async event(change: Partial<NewEvent> = {}): Promise<EventDoc> {
      const event = newEvent({
        id: newId('evt'),
        orgId: 'acme',
        type: 'event.created',
        data: '{}',
        occurredAt: ago(0),
        sourceId: null,
        at: ago(0),
        raise: null,
        graceMs,
        ...change,
      });
      await parts.store.append([event]);
      return event;
    },
    /** Escalations that have been due for so long. */
    async dueEscalations(count: number, dueAgoMs = 0): Promise<string[]> {
      const base = newEvent({
        id: newId('evt'),
        orgId: 'acme',
        type: 'event.created',
        data: '{}',
        occurredAt: ago(0),
        sourceId: null,
        at: ago(dueAgoMs),
        raise: null,
        graceMs,
      });
      const ids = Array.from({ length: count }, () => newId('esc')).sort();
      await parts.escalationStore.insertAll(ids.map((id) => escalationOfEvent({ ...base, raise: raising(id) })));
      return ids;
    },
    reloadEvent: (event: EventDoc) => parts.events.findById(event._id).orFail().lean<EventDoc>(),
  };
}

export type Dispatch = Awaited<ReturnType<typeof openDispatch>>;
