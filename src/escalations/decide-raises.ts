import { setImmediate as othersFirst } from 'node:timers/promises';
import type { FindPolicy, Policy } from './policies/evaluate.js';
import { termsOf, type Routing } from './routing/routing.js';
import type { EventRaise } from '../events/model.js';
import type { EventInput } from '../events/schema.js';

export interface DecideDeps {
  findPolicyOf: (orgId: string) => Promise<FindPolicy>;
  routingOf: (orgId: string) => Promise<Routing>;
}

/**
 * Decides what events raise, by the org's policies and routing of this moment. Neither is asked for in vain.
 * @param newId makes an escalation's id
 * @returns an entry for each event, in their order
 */
export async function decideRaises(
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

/** How long one call may keep the process to itself: many policies on many large events take seconds. */
const turnMs = 20;

async function matched(findPolicy: FindPolicy, inputs: readonly EventInput[]): Promise<(Policy | null)[]> {
  const policies: (Policy | null)[] = [];
  let turnEndsAt = performance.now() + turnMs;
  for (const { type, data } of inputs) {
    policies.push(type === 'event.created' ? findPolicy(data.value) : null);
    if (performance.now() < turnEndsAt) continue;
    await othersFirst();
    turnEndsAt = performance.now() + turnMs;
  }
  return policies;
}
