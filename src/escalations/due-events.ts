import type { Timings } from '../config/index.js';
import { trusted } from '../db/schema-options.js';
import type { EventDoc } from '../events/model.js';
import { raiseEscalations, type RaiseDeps } from './event-escalation.js';
import type { EventStore } from '../events/store.js';
import type { NamedRound } from '../temporal/dispatcher.js';
import { mapConcurrent } from '../lib/map-concurrent.js';

export interface DueEventsDeps {
  events: EventStore;
  escalations: RaiseDeps['escalations'];
  /** Starts the workflow that tells people. @returns false when Temporal did not take it */
  startBudgetAlert: (event: { orgId: string; eventId: string }) => Promise<boolean>;
  timings: Pick<Timings, 'dispatch'>;
}

const maxRound = 400;
const atOnce = 20;

/** Raises what the call that brought an event did not live to raise, and has people told of budgets. */
export function dueEvents({ events: store, escalations, startBudgetAlert, timings }: DueEventsDeps): NamedRound {
  const { leaseMs, temporalDownMs } = timings.dispatch;
  const { events } = store;
  const isDue = () => ({ due: true, due_after: trusted({ $lte: new Date() }) });

  /** @returns null when another process has it */
  async function lease(id: string): Promise<EventDoc | null> {
    const leased = { $set: { due_after: new Date(Date.now() + leaseMs) } };
    const { modifiedCount } = await events.updateOne({ _id: id, ...isDue() }, leased);
    return modifiedCount === 0 ? null : events.findById(id).lean<EventDoc | null>();
  }

  return {
    name: 'events',
    async round(signal) {
      const due = await events.find(isDue(), { _id: 1 }).sort({ due_after: 1 }).limit(maxRound).lean();
      const raising: EventDoc[] = [];
      const isAccepted = await mapConcurrent(due, atOnce, async ({ _id }) => {
        if (signal.aborted) return true;
        const event = await lease(_id);
        if (event === null) return true;
        if (event.raise === null) return startBudgetAlert({ orgId: event.org_id, eventId: _id });
        raising.push(event);
        return true;
      });
      const { marked } = await raiseEscalations({ events: store, escalations }, raising);
      await marked;
      if (!isAccepted) return temporalDownMs;
      return due.length === maxRound ? 0 : undefined;
    },
  };
}
