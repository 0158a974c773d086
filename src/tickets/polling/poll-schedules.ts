import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleOptions,
  type ScheduleOptionsStartWorkflowAction,
} from '@temporalio/client';
import type { Timings } from '../../config/index.js';
import { startLoop, type StopLoop } from '../../lib/loop.js';
import type { Logger } from '../../observability/logger.js';
import type { Scheduled } from './scheduled.js';
import { pollScheduleId } from '../../../workflows/contracts/workflow-ids.js';
import { pollStart, type PolledTracker } from '../../../workflows/contracts/workflow-starts.js';
import type { PollWorkflow } from '../../../workflows/contracts/poll.js';

export interface PollSchedulesDeps {
  client: Client;
  taskQueue: string;
  queueSuffix: string;
  /** What is to be polled, and how often. */
  wanted: () => Promise<(PolledTracker & { intervalSeconds: number })[]>;
  scheduled: Scheduled;
  logger: Logger;
  timings: Pick<Timings, 'activities' | 'schedules' | 'temporal'>;
}

type Wanted = Awaited<ReturnType<PollSchedulesDeps['wanted']>>[number];
type Action = ScheduleOptionsStartWorkflowAction<PollWorkflow>;

/**
 * Keeps one Schedule for each tracker that is polled: makes those that are missing, brings intervals up to date, deletes what
 * is polled no more. Every worker does. What an operator did to one, a pause say, is kept.
 * @returns a function that starts it, now and again and again, and gives one that stops it
 */
export function createPollSchedules(deps: PollSchedulesDeps): {
  watch: () => StopLoop;
  check: () => Promise<undefined>;
} {
  const { client, taskQueue, queueSuffix, wanted, scheduled, logger, timings } = deps;
  const soon = <T>(call: () => Promise<T>) => client.withDeadline(Date.now() + timings.temporal.callTimeoutMs, call);

  const optionsOf = (one: Wanted): ScheduleOptions<Action> => ({
    scheduleId: pollScheduleId(one.name, queueSuffix),
    spec: { intervals: [{ every: one.intervalSeconds * 1000 }] },
    action: { type: 'startWorkflow', workflowType: 'poll', taskQueue, ...pollStart(one, queueSuffix, timings) },
    // After an outage one poll sees it all: those that were missed are not made up for.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '10 seconds' },
    memo: { taskQueue },
  });

  /** Makes it, or sees to its interval when it is there. */
  async function ensure(options: ScheduleOptions<Action>): Promise<void> {
    try {
      await soon(() => client.schedule.create(options));
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      const { spec } = await soon(() => client.schedule.getHandle(options.scheduleId).describe());
      if (!hasInterval(spec, options)) await update(options);
    }
  }

  /** Everything but its state: that is the operator's. */
  async function update({ scheduleId, spec, action, policies }: ScheduleOptions<Action>): Promise<void> {
    const given = { spec, action, ...(policies && { policies }) };
    await unlessGone(() =>
      client.schedule.getHandle(scheduleId).update<PollWorkflow>(({ state }) => ({ ...given, state })),
    );
  }

  async function unlessGone(call: () => Promise<unknown>): Promise<void> {
    try {
      await soon(call);
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
    }
  }

  /** What was seen to, and when: nothing is asked of Temporal while nothing changes. */
  const seenTo = new Map<string, { intervalSeconds: number; at: number }>();

  async function check(): Promise<undefined> {
    // First of all what is wanted: without it nothing is known to be wanted no more.
    const all = await wanted();
    for (const one of all) {
      const seen = seenTo.get(one.name);
      const isFresh = seen !== undefined && Date.now() - seen.at < timings.schedules.recheckAfterMs;
      if (isFresh && seen.intervalSeconds === one.intervalSeconds) continue;
      await scheduled.add(one.name);
      await ensure(optionsOf(one));
      seenTo.set(one.name, { intervalSeconds: one.intervalSeconds, at: Date.now() });
    }
    const names = new Set(all.map(({ name }) => name));
    for (const name of await scheduled.names()) {
      if (names.has(name)) continue;
      await unlessGone(() => client.schedule.getHandle(pollScheduleId(name, queueSuffix)).delete());
      await scheduled.remove(name);
      seenTo.delete(name);
    }
    return undefined;
  }

  const onFailure = (err: unknown) =>
    logger.warn({ err }, 'the polls’ Schedules could not be looked after; trying again');

  return {
    check,
    watch() {
      const first = check().catch(onFailure);
      const stop = startLoop({ everyMs: timings.schedules.checkEveryMs, round: check, onFailure });
      return async () => {
        await Promise.all([first, stop()]);
      };
    },
  };
}

function hasInterval(
  { intervals = [] }: { intervals?: { every: number }[] },
  wanted: ScheduleOptions<Action>,
): boolean {
  const [interval, ...more] = intervals;
  return more.length === 0 && interval?.every === wanted.spec.intervals?.[0]?.every;
}
