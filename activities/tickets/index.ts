import { Context } from '@temporalio/activity';
import { asFailure } from '../failures.js';
import { heartbeating } from '../heartbeat.js';
import { stopSignal } from '../stop-signal.js';
import type { TicketActivityDeps } from './context.js';
import { drainLink } from './drain.js';
import type { DrainResult, TicketActivities } from '../../workflows/contracts/ticket.js';

/** The activities of the ticket workflow. They take and return ids; texts and secrets stay in MongoDB. */
export function createTicketActivities(deps: TicketActivityDeps): TicketActivities {
  const { heartbeatEveryMs, storeRetryMs } = deps.timings.activities;
  return {
    async drainTicket({ linkId }: { linkId: string }): Promise<DrainResult> {
      const context = Context.current();
      const run = { ...deps, signal: stopSignal(context), attempt: context.info.attempt };
      try {
        return await heartbeating(heartbeatEveryMs, () => drainLink(run, linkId));
      } catch (error) {
        const failure = asFailure(error, storeRetryMs);
        if (failure !== error) deps.logger.error({ err: error, link: linkId, attempt: run.attempt }, failure.message);
        throw failure;
      }
    },
  };
}
