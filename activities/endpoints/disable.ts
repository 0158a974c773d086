import type { EndpointActivityDeps, EndpointTarget } from './context.js';
import { look, type EndpointState } from './look.js';

export interface Disabling extends EndpointTarget {
  /** Failures without a success have to span this long. */
  afterMs: number;
}

/** Disables an endpoint that has failed for too long, unless it is well by now, and settles what waited for it. */
export async function disableEndpoint(
  deps: EndpointActivityDeps,
  { afterMs, ...target }: Disabling,
): Promise<EndpointState> {
  const { state, endpoint } = await look(deps, target);
  const { phase, failingSince, lastFailureAt } = state;
  if (phase !== 'probing' || !endpoint || failingSince === null || lastFailureAt === null) return state;
  if (lastFailureAt - failingSince < afterMs) return state;
  await deps.disable({ id: endpoint._id, version: endpoint.version }, 'failing');
  return (await look(deps, target)).state;
}
