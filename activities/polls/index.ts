import { Context } from '@temporalio/activity';
import type { Timings } from '../../src/config/index.js';
import type { Logger } from '../../src/observability/logger.js';
import { pollTracker, type PollDeps } from '../../src/tickets/polling/poll.js';
import { asFailure } from '../failures.js';
import { heartbeating } from '../heartbeat.js';
import { stopSignal } from '../stop-signal.js';
import type { PollResult, PollActivities } from '../../workflows/contracts/poll.js';

export interface PollActivityDeps extends PollDeps {
  logger: Logger;
  timings: Pick<Timings, 'activities' | 'polls'>;
}

/** Of the 200 slots of a worker's urgent queue. A poll that finds none free leaves its work to the next one. */
const maxPollsAtOnce = 50;

const nothingFound = () => ({ at: Date.now(), changed: 0, comments: 0, statuses: 0, more: true });

/** The activity of the polls. It takes a name and returns counters and codes; trackers' answers stay in MongoDB. */
export function createPollActivities({ logger, ...deps }: PollActivityDeps): PollActivities {
  const { heartbeatEveryMs, storeRetryMs } = deps.timings.activities;
  let underWay = 0;
  return {
    async pollTracker({ name }: { name: string }): Promise<PollResult> {
      // Polls wait for trackers, and share their queue with escalations and notifications.
      if (underWay >= maxPollsAtOnce) return { ...nothingFound(), failed: 'busy' };
      underWay += 1;
      const signal = stopSignal(Context.current());
      try {
        const result = await heartbeating(heartbeatEveryMs, () => pollTracker(deps, name, signal));
        if (result.failed !== null) logger.warn({ poll: name, code: result.failed }, 'A tracker could not be polled');
        return result;
      } catch (error) {
        const failure = asFailure(error, storeRetryMs);
        if (failure !== error) logger.error({ err: error, poll: name }, failure.message);
        throw failure;
      } finally {
        underWay -= 1;
      }
    },
  };
}
