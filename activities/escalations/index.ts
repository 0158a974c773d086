import { Context } from '@temporalio/activity';
import { asFailure } from '../failures.js';
import { heartbeating } from '../heartbeat.js';
import type { EscalationActivityDeps } from './context.js';
import { drainEscalation } from './drain.js';
import type { EscalationDrain, EscalationActivities } from '../../workflows/contracts/escalation.js';

/** The activities of the escalation workflow. They take and return ids; texts stay in MongoDB. */
export function createEscalationActivities(deps: EscalationActivityDeps): EscalationActivities {
  const { heartbeatEveryMs, storeRetryMs } = deps.timings.activities;
  return {
    async drainEscalation({ escalationId }: { escalationId: string }): Promise<EscalationDrain> {
      try {
        return await heartbeating(heartbeatEveryMs, () => drainEscalation(deps, escalationId));
      } catch (error) {
        const failure = asFailure(error, storeRetryMs);
        const { attempt } = Context.current().info;
        if (failure !== error) deps.logger.error({ err: error, escalation: escalationId, attempt }, failure.message);
        throw failure;
      }
    },
  };
}
