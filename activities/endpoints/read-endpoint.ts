import type { EndpointDoc } from '../../src/webhooks/endpoints/model.js';
import { begunAnew } from '../../src/webhooks/health/changed.js';
import { disabledReasons } from '../../src/webhooks/health/disabling.js';
import type { HealthDoc } from '../../src/webhooks/health/model.js';
import type { EndpointActivityDeps } from './context.js';
import type { EndpointPhase, EndpointState, EndpointTarget } from '../../workflows/contracts/endpoint.js';

export interface EndpointReading {
  state: EndpointState;
  /** As read; null when the document does not exist. */
  health: HealthDoc | null;
  endpoint: EndpointDoc | null;
}

/** Limits a call to seconds of work. */
const maxChunks = 20;

/** Reads an endpoint's state. Settles the waiting deliveries of a disabled or deleted endpoint. */
export async function readEndpoint(
  deps: EndpointActivityDeps,
  { orgId, endpointId }: EndpointTarget,
): Promise<EndpointReading> {
  // The order matters: disabling or deleting an endpoint sets `ring_after` afterwards, and that must not be
  // overwritten.
  const health = await deps.health.findById(endpointId).lean<HealthDoc>().exec();
  const endpoint = await deps.endpoints.find(endpointId);
  // Somebody started this workflow by hand. Leave another org's endpoint alone.
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

/**
 * Sets when the dispatcher wakes the workflow, unless the time changed since it was read.
 * @param atMs null for never
 */
export async function wakeAfter(
  { health, timings }: EndpointActivityDeps,
  read: HealthDoc,
  atMs: number | null,
): Promise<void> {
  // An operator may have ended the workflow by then, so leave a grace period.
  const ring_after = atMs === null ? null : new Date(atMs + timings.dispatch.endpointGraceMs);
  await health.updateOne({ _id: read._id, ring_after: read.ring_after }, { $set: { ring_after } });
}

/** @returns whether more deliveries have to be settled */
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
  // If the endpoint is enabled again, its former failures no longer count.
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
