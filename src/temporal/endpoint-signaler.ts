import type { EndpointTimings } from '../../workflows/contracts/endpoint.js';
import { endpointStart, endpointTimings } from '../../workflows/contracts/workflow-starts.js';
import type { Timings } from '../config/index.js';
import { wakeWorkflow, type SignalerDeps } from './wake-workflow.js';

/** What starting an endpoint's workflow, or waking the one that runs, needs of the endpoint. */
export interface EndpointWakeTarget {
  _id: string;
  org_id: string;
}

/** Wakes the workflows of unhealthy endpoints. The signal carries no work: what is due is in MongoDB. */
export interface EndpointSignaler {
  /** Starts the workflow, or wakes the one that runs. Never throws. @returns false when Temporal did not accept the call */
  wake(endpoint: EndpointWakeTarget): Promise<boolean>;
}

export interface EndpointSignalerDeps extends SignalerDeps {
  timings: Pick<Timings, 'activities' | 'health' | 'temporal'>;
  /** Instead of what the timings say, for tests. */
  treatment?: EndpointTimings;
}

export function createEndpointSignaler(deps: EndpointSignalerDeps): EndpointSignaler {
  const { timings, treatment = endpointTimings(timings) } = deps;
  return {
    wake: (target) =>
      wakeWorkflow(deps, 'endpoint', endpointStart(target, treatment, timings), {
        org: target.org_id,
        endpoint: target._id,
      }),
  };
}
