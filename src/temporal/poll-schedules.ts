import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleOptions,
  type ScheduleOptionsStartWorkflowAction,
  type ScheduleSummary,
} from '@temporalio/client';
import type { poll } from '../../workflows/poll/workflow.js';
import { every, type StopRounds } from '../dispatch/every.js';
import type { Logger } from '../observability/logger.js';
import { pollScheduleId } from './workflow-ids.js';
import { pollStart, type PolledTracker } from './workflow-starts.js';

export interface PollSchedulesDeps {
  client: Client;
  taskQueue: string;
  queueSuffix: string;
  /** What is to be polled, and how often. */
  wanted: () => Promise<(PolledTracker & { intervalSeconds: number })[]>;
  logger: Logger;
  checkEveryMs?: number;
}

type Wanted = Awaited<ReturnType<PollSchedulesDeps['wanted']>>[number];
type Action = ScheduleOptionsStartWorkflowAction<typeof poll>;

/** Small calls: a server that takes longer is as good as down. */
const deadlineMs = 5_000;
const usualCheckMs = 10_000;
const prefix = 'poll/';

/**
 * Keeps one Schedule for each tracker that is polled: makes those that are missing, brings intervals up to date, deletes what
 * is polled no more. Every worker does. What an operator did to one, a pause say, is kept.
 * @returns a function that starts it, now and every ten seconds, and gives one that stops it
 */
export function createPollSchedules(deps: PollSchedulesDeps): {
  watch: () => StopRounds;
  check: () => Promise<undefined>;
} {
  const { client, taskQueue, queueSuffix, wanted, logger, checkEveryMs = usualCheckMs } = deps;
  const soon = <T>(call: () => Promise<T>) => client.withDeadline(Date.now() + deadlineMs, call);

  const optionsOf = (one: Wanted): ScheduleOptions<Action> => ({
    scheduleId: pollScheduleId(one.name, queueSuffix),
    spec: { intervals: [{ every: one.intervalSeconds * 1000 }] },
    action: { type: 'startWorkflow', workflowType: 'poll', taskQueue, ...pollStart(one, queueSuffix) },
    // After an outage one poll sees it all: those that were missed are not made up for.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '10 seconds' },
    memo: { taskQueue },
  });

  /** Of this deployment: others may share its namespace. */
  async function listOwn(): Promise<Map<string, ScheduleSummary>> {
    const own = new Map<string, ScheduleSummary>();
    for await (const schedule of client.schedule.list()) {
      if (schedule.scheduleId.startsWith(prefix) && schedule.memo?.taskQueue === taskQueue)
        own.set(schedule.scheduleId, schedule);
    }
    return own;
  }

  async function create(options: ScheduleOptions<Action>): Promise<void> {
    try {
      await soon(() => client.schedule.create(options));
    } catch (error) {
      // Another worker was quicker, or the list is behind.
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    }
  }

  /** Everything but its state: that is the operator's. */
  async function update({ scheduleId, spec, action, policies }: ScheduleOptions<Action>): Promise<void> {
    const given = { spec, action, ...(policies && { policies }) };
    await unlessGone(() =>
      client.schedule.getHandle(scheduleId).update<typeof poll>(({ state }) => ({ ...given, state })),
    );
  }

  async function unlessGone(call: () => Promise<unknown>): Promise<void> {
    try {
      await soon(call);
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
    }
  }

  async function check(): Promise<undefined> {
    // First of all what is wanted: without it nothing is known to be wanted no more.
    const options = (await wanted()).map(optionsOf);
    const own = await soon(listOwn);
    for (const one of options) {
      const there = own.get(one.scheduleId);
      own.delete(one.scheduleId);
      if (!there) await create(one);
      else if (!hasInterval(there, one)) await update(one);
    }
    for (const scheduleId of own.keys()) await unlessGone(() => client.schedule.getHandle(scheduleId).delete());
    return undefined;
  }

  const onFailure = (err: unknown) =>
    logger.warn({ err }, 'the polls’ Schedules could not be looked after; trying again');

  return {
    check,
    watch() {
      const first = check().catch(onFailure);
      const stop = every({ everyMs: checkEveryMs, round: check, onFailure });
      return async () => {
        await Promise.all([first, stop()]);
      };
    },
  };
}

function hasInterval({ spec }: ScheduleSummary, wanted: ScheduleOptions<Action>): boolean {
  const [interval, ...more] = spec?.intervals ?? [];
  return more.length === 0 && interval?.every === wanted.spec.intervals?.[0]?.every;
}
