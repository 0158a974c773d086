import type { Timings } from '../config/index.js';
import { trusted } from '../db/schema-options.js';
import type { EventDoc } from '../events/model.js';
import { raiseEscalations, type RaiseDeps } from './event-escalation.js';
import type { EventStore } from '../events/store.js';
import { wakeDue, type NamedRound } from '../temporal/dispatcher.js';

export interface DueEventsDeps {
  events: EventStore;
  escalations: RaiseDeps['escalations'];
  /** Starts the workflow that tells people. @returns false when Temporal did not take it */
  startBudgetAlert: (event: { orgId: string; eventId: string }) => Promise<boolean>;
  timings: Pick<Timings, 'dispatch'>;
}

const maxRound = 400;

/** Raises what the call that brought an event did not live to raise, and has people told of budgets. */
export function dueEvents({ events: store, escalations, startBudgetAlert, timings }: DueEventsDeps): NamedRound {
  const { leaseMs } = timings.dispatch;
  const { events } = store;
  const isDue = () => ({ due: true, due_after: trusted({ $lte: new Date() }) });

  const find = (max: number) => events.find(isDue(), { _id: 1 }).sort({ due_after: 1 }).limit(max).lean();

  async function lease({ _id }: Pick<EventDoc, '_id'>): Promise<EventDoc | null> {
    const leased = { $set: { due_after: new Date(Date.now() + leaseMs) } };
    const { modifiedCount } = await events.updateOne({ _id, ...isDue() }, leased);
    return modifiedCount === 0 ? null : events.findById(_id).lean<EventDoc | null>();
  }

  return {
    name: 'events',
    async round(signal) {
      const raising: EventDoc[] = [];
      const wake = async (event: EventDoc) => {
        if (event.raise === null) return startBudgetAlert({ orgId: event.org_id, eventId: event._id });
        raising.push(event);
        return true;
      };
      const waitMs = await wakeDue({ max: maxRound, find, lease, wake }, timings.dispatch, signal);
      const { marked } = await raiseEscalations({ events: store, escalations }, raising);
      await marked;
      return waitMs;
    },
  };
}
