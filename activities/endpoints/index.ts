import { Context } from '@temporalio/activity';
import { asFailure } from '../failures.js';
import { heartbeating } from '../heartbeat.js';
import { stopSignal } from '../stop-signal.js';
import type { EndpointActivityDeps } from './context.js';
import { disableEndpoint } from './disable.js';
import { releaseParked } from './release.js';
import { checkEndpoint } from './check.js';
import type {
  Disabling,
  EndpointState,
  EndpointTarget,
  Release,
  EndpointCheck,
  EndpointActivities,
} from '../../workflows/contracts/endpoint.js';

/**
 * The activities of an unhealthy endpoint's workflow. They take ids and durations and return counters; addresses,
 * secrets and receivers' answers stay in MongoDB. All throw StoreUnavailable, which is retried.
 */
export function createEndpointActivities(deps: EndpointActivityDeps): EndpointActivities {
  const { heartbeatEveryMs, storeRetryMs } = deps.timings.activities;

  async function run<Input extends EndpointTarget>(
    activity: (deps: EndpointActivityDeps, input: Input, signal: AbortSignal) => Promise<EndpointState>,
    input: Input,
  ): Promise<EndpointState> {
    const context = Context.current();
    try {
      return await heartbeating(heartbeatEveryMs, () => activity(deps, input, stopSignal(context)));
    } catch (error) {
      const failure = asFailure(error, storeRetryMs);
      const { attempt } = context.info;
      if (failure !== error) deps.logger.error({ err: error, endpoint: input.endpointId, attempt }, failure.message);
      throw failure;
    }
  }

  return {
    tendEndpoint: (input: EndpointCheck) => run(checkEndpoint, input),
    releaseParked: (input: Release) => run(releaseParked, input),
    disableEndpoint: (input: Disabling) => run(disableEndpoint, input),
  };
}
