import { notFound } from '../http/problem.js';
import { actorOf, isAllowed, type Caller } from '../http/caller.js';
import type { EscalationSignaler } from '../temporal/escalation-signaler.js';
import type { EscalationDoc, Resolution } from './model.js';
import { newEscalation, type Raised } from './new-escalation.js';
import { termsOf, type Routing } from './routing/routing.js';
import type { Change, EscalationStore } from './store.js';
import { claim, note, release, resolve, type Act } from './transitions.js';

export interface EscalationServiceDeps {
  store: EscalationStore;
  routingOf: (orgId: string) => Promise<Routing>;
  signaler: EscalationSignaler;
}

/** Which escalation is meant, by whom, in which request. */
export interface Acting {
  orgId: string;
  id: string;
  caller: Caller;
  /** The same for a repeated request. */
  actId: string;
}

export type EscalationService = ReturnType<typeof createEscalationService>;

/** The review queue: what is raised, and what reviewers decide. Each change is one write, and wakes the workflow. */
export function createEscalationService({ store, routingOf, signaler }: EscalationServiceDeps) {
  async function change(
    { orgId, id }: Acting,
    decide: (escalation: EscalationDoc, now: Date) => Change | null,
  ): Promise<EscalationDoc> {
    const changed = await store.change({ _id: id, org_id: orgId }, decide);
    if (!changed) throw notFound('escalation');
    // Not waited for: the effects show later, and the dispatcher repeats a lost wake-up.
    if (changed.applied_seq < changed.last_seq) void signaler.wake(changed);
    return changed;
  }

  return {
    /** Raises one; the dispatcher starts its workflow. The same `source_id` twice is one. */
    async raise(orgId: string, id: string, raised: Raised): Promise<{ escalation: EscalationDoc; isNew: boolean }> {
      const at = new Date();
      const terms = termsOf(await routingOf(orgId), raised.severity, at);
      return store.insert(newEscalation({ id, orgId, raised, terms, at }));
    },

    /** @throws Problem 404 */
    async get(orgId: string, id: string): Promise<EscalationDoc> {
      const escalation = await store.find(id);
      if (escalation?.org_id !== orgId) throw notFound('escalation');
      return escalation;
    },

    claim: (acting: Acting) => change(acting, claim(actOf(acting))),
    release: (acting: Acting) => change(acting, release(actOf(acting))),
    resolve: (acting: Acting, resolution: Resolution, notes: string | null) =>
      change(acting, resolve(actOf(acting), resolution, notes)),
    note: (acting: Acting, body: string) => change(acting, note(actOf(acting), body)),
  };
}

const actOf = ({ caller, actId }: Acting): Act => ({
  id: actId,
  by: actorOf(caller),
  mayConfigure: caller.kind === 'admin' || (caller.kind === 'key' && isAllowed(caller.permissions, ['configure'])),
});
