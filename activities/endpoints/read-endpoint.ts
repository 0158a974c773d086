import type { EndpointDoc } from '../../src/webhooks/endpoints/model.js';
import { begunAnew } from '../../src/webhooks/health/changed.js';
import { disabledReasons } from '../../src/webhooks/health/disabling.js';
import type { HealthDoc } from '../../src/webhooks/health/model.js';
import type { EndpointActivityDeps } from './context.js';
import type { EndpointPhase, EndpointState, EndpointTarget } from '../../workflows/contracts/endpoint.js';

export interface EndpointReading {
  state: EndpointState;
  /** As they were read; null when there are none. */
  health: HealthDoc | null;
  endpoint: EndpointDoc | null;
}

/** What is settled in one go takes seconds, not minutes. */
const maxChunks = 20;

/** Looks where an endpoint stands. What waits for one that is disabled or deleted is settled. */
export async function readEndpoint(
  deps: EndpointActivityDeps,
  { orgId, endpointId }: EndpointTarget,
): Promise<EndpointReading> {
  // In this order: disabling or deleting an endpoint sets `ring_after` afterwards, and that is not overwritten.
  const health = await deps.health.findById(endpointId).lean<HealthDoc>().exec();
  const endpoint = await deps.endpoints.find(endpointId);
  // Somebody has started this workflow by hand: nothing of another org's is touched.
  if (endpoint && endpoint.org_id !== orgId) {
    return { state: stateOf('deleted', null, 0), health: null, endpoint: null };
  }
  if (!endpoint?.enabled) {
    const more = await giveUp(deps, endpointId, endpoint);
    return { state: stateOf(endpoint ? 'disabled' : 'deleted', health, 0, more), health, endpoint };
  }
  const parked = await deps.parked.count(endpointId, ['parked']);
  if (health?.breaker === 'open') return { state: stateOf('probing', health, parked), health, endpoint };
  return { state: stateOf(parked > 0 ? 'releasing' : 'healthy', health, parked), health, endpoint };
}

/** Sets when the dispatcher wakes the workflow, unless the time was changed since it was read. @param atMs null for never */
export async function wakeAfter(
  { health, timings }: EndpointActivityDeps,
  read: HealthDoc,
  atMs: number | null,
): Promise<void> {
  // The workflow may be gone by then: an operator has ended it, say.
  const ring_after = atMs === null ? null : new Date(atMs + timings.dispatch.endpointGraceMs);
  await health.updateOne({ _id: read._id, ring_after: read.ring_after }, { $set: { ring_after } });
}

/** @returns whether there is more */
async function giveUp(
  { parked, health, timings }: EndpointActivityDeps,
  endpointId: string,
  endpoint: EndpointDoc | null,
): Promise<boolean> {
  const reason = endpoint?.disabled_reason ?? null;
  let more = true;
  for (let chunks = 0; more && chunks < maxChunks; chunks++) {
    more = reason === null ? await parked.cancel(endpointId) : await parked.fail(endpointId, disabledReasons[reason]);
  }
  const later = new Date(Date.now() + timings.dispatch.endpointGraceMs);
  // Enabled again, it is not held to what it was.
  if (endpoint) await health.updateOne({ _id: endpointId, breaker: 'open' }, { $set: begunAnew(later) });
  else if (!more) await health.deleteOne({ _id: endpointId });
  return more;
}

function stateOf(phase: EndpointPhase, health: HealthDoc | null, parked: number, more = false): EndpointState {
  return {
    phase,
    failingSince: health?.failing_since?.getTime() ?? null,
    lastFailureAt: health?.last_failure_at?.getTime() ?? null,
    parked,
    probes: health?.probes ?? 0,
    nextProbeAt: phase === 'probing' ? (health?.next_probe_at?.getTime() ?? null) : null,
    more,
  };
}
