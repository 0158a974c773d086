import { setTimeout as sleep } from 'node:timers/promises';
import { workerStopping } from '../failures.js';
import type { EndpointActivityDeps } from './context.js';
import { readEndpoint, wakeAfter } from './read-endpoint.js';
import type { EndpointState, EndpointTarget, Release } from '../../workflows/contracts/endpoint.js';

const pollEveryMs = 500;
/** The next step may begin when at most this share of the current one is left. */
const isThrough = 0.2;

/**
 * Releases some parked deliveries. Waits until most of them are settled, the time is over, or the breaker opens again.
 * A second run releases more deliveries, which does no harm.
 */
export async function releaseParked(
  deps: EndpointActivityDeps,
  { most: max, waitMs, ...target }: Release,
  signal: AbortSignal,
): Promise<EndpointState> {
  const { state, health } = await readEndpoint(deps, target);
  if (state.phase !== 'releasing') return state;
  if (health) await wakeAfter(deps, health, Date.now() + waitMs);
  await deps.parked.release(target.endpointId, max);
  await untilThrough(deps, target, { left: Math.floor(max * isThrough), untilMs: Date.now() + waitMs, signal });
  return (await readEndpoint(deps, target)).state;
}

async function untilThrough(
  { health, parked }: EndpointActivityDeps,
  { endpointId }: EndpointTarget,
  { left, untilMs, signal }: { left: number; untilMs: number; signal: AbortSignal },
): Promise<void> {
  while (Date.now() < untilMs) {
    if ((await parked.count(endpointId, ['pending'], left + 1)) <= left) return;
    if (await health.exists({ _id: endpointId, breaker: 'open' })) return;
    await sleep(pollEveryMs, undefined, { signal }).catch(() => {
      throw workerStopping();
    });
  }
}
