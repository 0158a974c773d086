import type { EndpointActivityDeps } from './context.js';
import { readEndpoint } from './read-endpoint.js';
import type { Disabling, EndpointState } from '../../workflows/contracts/endpoint.js';

/** Disables an endpoint that has failed for too long, unless it has recovered, and settles its waiting deliveries. */
export async function disableEndpoint(
  deps: EndpointActivityDeps,
  { afterMs, ...target }: Disabling,
): Promise<EndpointState> {
  const { state, endpoint } = await readEndpoint(deps, target);
  const { phase, failingSince, lastFailureAt } = state;
  if (phase !== 'probing' || !endpoint || failingSince === null || lastFailureAt === null) return state;
  if (lastFailureAt - failingSince < afterMs) return state;
  await deps.disable({ id: endpoint._id, version: endpoint.version }, 'failing');
  return (await readEndpoint(deps, target)).state;
}
