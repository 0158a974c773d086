import { CancelledFailure } from '@temporalio/common';
import { fairShare } from '../../src/webhooks/leases/share.js';
import { asFailure, pumpElsewhere } from '../failures.js';
import type { PumpActivityDeps } from './context.js';
import { runPumpTerm } from './term.js';
import type { PumpRequest, Pumped, PumpActivities } from '../../workflows/contracts/delivery-pump.js';

/** The activity that delivers webhooks, one term at a time. */
export function createPumpActivities(deps: PumpActivityDeps): PumpActivities {
  let running = 0;

  /** Temporal may give all long activities to the same worker, so each worker limits its own share. */
  async function hasRoom(pumps: number): Promise<boolean> {
    const live = await deps.liveWorkers();
    return running < fairShare(pumps, live);
  }

  async function pump(request: PumpRequest): Promise<Pumped> {
    const pumps = await deps.plan.wanted();
    if (request.pump >= pumps) return { surplus: true };
    if (!(await hasRoom(pumps))) throw pumpElsewhere('This worker already runs its share of the pumps.');
    running += 1;
    try {
      return await runPumpTerm(deps, request);
    } finally {
      running -= 1;
    }
  }

  return {
    pumpDeliveries: async (request: PumpRequest): Promise<Pumped> => {
      try {
        return await pump(request);
      } catch (error) {
        if (error instanceof CancelledFailure) throw error;
        const failure = asFailure(error, deps.timings.pump.storeRetryMs);
        if (failure !== error) deps.logger.error({ err: error, pump: request.pump }, failure.message);
        throw failure;
      }
    },
  };
}
