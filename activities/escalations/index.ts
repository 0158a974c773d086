import { Context } from '@temporalio/activity';
import { asFailure } from '../failures.js';
import { heartbeating } from '../heartbeat.js';
import type { EscalationActivityDeps } from './context.js';
import { drainEscalation, type EscalationDrain } from './drain.js';

export type EscalationActivities = ReturnType<typeof createEscalationActivities>;

/** The activities of the escalation workflow. They take ids and give ids; texts stay in MongoDB. */
export function createEscalationActivities(deps: EscalationActivityDeps) {
  const { heartbeatEveryMs, storeRetryMs } = deps.timings.activities;
  return {
    /**
     * Does what follows from everything that has happened to an escalation.
     * @throws EscalationNotFound (final), StoreUnavailable (tried again)
     */
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
