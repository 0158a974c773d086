import type { HealthDoc } from '../../src/webhooks/health/model.js';
import { begunAnew } from '../../src/webhooks/health/changed.js';
import { workerStopping } from '../failures.js';
import type { EndpointActivityDeps } from './context.js';
import { readEndpoint, wakeAfter } from './read-endpoint.js';
import type { EndpointState, EndpointCheck } from '../../workflows/contracts/endpoint.js';

/**
 * Reads an endpoint's state, and probes the endpoint when a probe is due. A success closes the breaker.
 * Safe to run twice: the time of the next probe is stored with the outcome of this one.
 */
export async function checkEndpoint(
  deps: EndpointActivityDeps,
  { probeDelaysMs, isLast, ...target }: EndpointCheck,
  signal: AbortSignal,
): Promise<EndpointState> {
  const { state, health, endpoint } = await readEndpoint(deps, target);
  if (!health || state.phase === 'deleted') return state;
  if (state.phase !== 'probing' || !endpoint) {
    const isDone = isLast && !state.more && state.phase !== 'releasing';
    await wakeAfter(deps, health, isDone ? null : Date.now());
    return state;
  }
  await deps.parked.park(target.endpointId);
  if (state.nextProbeAt !== null && state.nextProbeAt > Date.now()) {
    await wakeAfter(deps, health, state.nextProbeAt);
    return { ...state, parked: await deps.parked.count(target.endpointId, ['parked']) };
  }
  const attempt = await deps.probe(endpoint, signal);
  if (attempt?.wasStopped === true) throw workerStopping();
  if (attempt?.succeeded === true) await close(deps, target.endpointId, attempt.at);
  else await goOn(deps, health, probeDelaysMs, attempt?.at ?? null);
  if (attempt?.isGone === true) await deps.disable({ id: endpoint._id, version: endpoint.version }, 'gone');
  return (await readEndpoint(deps, target)).state;
}

async function close({ health, timings }: EndpointActivityDeps, _id: string, at: Date): Promise<void> {
  const later = new Date(Date.now() + timings.dispatch.endpointGraceMs);
  const closed = { ...begunAnew(later), last_success_at: at, updated_at: new Date() };
  await health.updateOne({ _id, breaker: 'open' }, { $set: closed });
}

/** @param failedAt when the probe failed; null when there was no delivery to probe with */
async function goOn(
  deps: EndpointActivityDeps,
  read: HealthDoc,
  delaysMs: readonly number[],
  failedAt: Date | null,
): Promise<void> {
  const probes = read.probes + (failedAt ? 1 : 0);
  const nextAt = Date.now() + (delaysMs[Math.min(probes, delaysMs.length - 1)] ?? 0);
  const set = { probes, next_probe_at: new Date(nextAt), updated_at: new Date() };
  const failed = failedAt ? { $inc: { failures_in_a_row: 1 }, $max: { last_failure_at: failedAt } } : {};
  await deps.health.updateOne({ _id: read._id, breaker: 'open' }, { $set: set, ...failed });
  await wakeAfter(deps, read, nextAt);
}
