import { setImmediate as othersFirst } from 'node:timers/promises';
import type { FindPolicy, Policy } from './policies/evaluate.js';
import { termsOf, type Routing } from './routing/routing.js';
import type { EventDoc, EventRaise } from '../events/model.js';
import type { EventInput } from '../events/schema.js';
import type { EventEscalation } from '../events/service.js';
import type { EventStore } from '../events/store.js';
import { escalationOfEvent } from './from-event.js';
import type { EscalationStore } from './store.js';

interface DecideDeps {
  findPolicyOf: (orgId: string) => Promise<FindPolicy>;
  routingOf: (orgId: string) => Promise<Routing>;
}

export interface EventEscalationDeps extends DecideDeps {
  escalations: Pick<EscalationStore, 'insertAll'>;
}

/** Raises escalations from events, for the events feature. */
export const createEventEscalation = ({ escalations, ...deps }: EventEscalationDeps): EventEscalation => ({
  decide: (orgId, inputs, options) => decideRaises(deps, orgId, inputs, options),
  raise: (events, docs) => raiseEscalations({ events, escalations }, docs),
});

async function decideRaises(
  { findPolicyOf, routingOf }: DecideDeps,
  orgId: string,
  inputs: readonly EventInput[],
  { at, newId }: { at: Date; newId: () => string },
): Promise<(EventRaise | null)[]> {
  if (!inputs.some(({ type }) => type === 'event.created')) return inputs.map(() => null);
  const findPolicy = await findPolicyOf(orgId);
  const policies = await matched(findPolicy, inputs);
  const matches = policies.filter((policy) => policy !== null).length;
  if (matches === 0) return policies.map(() => null);
  const routing = await routingOf(orgId);
  // Sorted: the queue shows what came in one call in its order.
  const ids = Array.from({ length: matches }, newId).sort();
  return policies.map((policy) => {
    if (policy === null) return null;
    const { id, name, severity, title, kind } = policy;
    const terms = termsOf(routing, severity, at);
    return { escalation_id: ids.shift() ?? newId(), policy: { id, name }, severity, title, kind, terms };
  });
}

/** Matching many policies against many large events takes seconds, so it yields to other requests after this long. */
const maxRunMs = 20;

async function matched(findPolicy: FindPolicy, inputs: readonly EventInput[]): Promise<(Policy | null)[]> {
  const policies: (Policy | null)[] = [];
  let runEndsAt = performance.now() + maxRunMs;
  for (const { type, data } of inputs) {
    policies.push(type === 'event.created' ? findPolicy(data.value) : null);
    if (performance.now() < runEndsAt) continue;
    await othersFirst();
    runEndsAt = performance.now() + maxRunMs;
  }
  return policies;
}

export interface RaiseDeps {
  events: Pick<EventStore, 'markDone'>;
  escalations: Pick<EscalationStore, 'insertAll'>;
}

/**
 * Inserts the escalations that these events raise, and marks the events as done. Safe to repeat, and to run in parallel.
 * @returns once the escalations are stored; `marked` resolves when the events are marked. Callers need not wait for that:
 * an unmarked event is processed once more, without effect.
 */
export async function raiseEscalations(
  { events, escalations }: RaiseDeps,
  docs: readonly EventDoc[],
): Promise<{ marked: Promise<void> }> {
  const raising = docs.filter(({ raise }) => raise !== null);
  await escalations.insertAll(raising.map(escalationOfEvent));
  return { marked: events.markDone(raising.map(({ _id }) => _id)) };
}
