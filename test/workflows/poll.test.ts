import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultTimings } from '../../src/config/timings.js';
import { createLogger } from '../../src/observability/logger.js';
import { createScheduled } from '../../src/tickets/polling/scheduled.js';
import { openTestDatabase } from '../support/mongo.js';
import { createPollSchedules, type PollSchedulesDeps } from '../../src/tickets/polling/poll-schedules.js';
import { pollScheduleId } from '../../workflows/contracts/workflow-ids.js';
import { eventually } from '../support/eventually.js';
import { nothingFound, openPollWorkflows } from './poll-harness.js';
import type { PollResult } from '../../workflows/contracts/poll.js';

let workflows: Awaited<ReturnType<typeof openPollWorkflows>>;
let answers: (() => Promise<PollResult>)[] = [];
const asked: { name: string }[] = [];
beforeAll(async () => {
  workflows = await openPollWorkflows((request) => {
    asked.push(request);
    return (answers.shift() ?? (() => Promise.resolve(nothingFound)))();
  });
});
afterAll(() => workflows.close());

const polled = { name: 'con_1', orgId: 'acme', provider: 'jira' };
describe('the workflow of a poll', () => {
  it('asks once, ends with what was found, and says so to an operator', async () => {
    answers = [() => Promise.resolve({ ...nothingFound, changed: 3, comments: 1, statuses: 2 })];
    const run = await workflows.start(polled);
    expect(await run.handle.result()).toMatchObject({ changed: 3, comments: 1, statuses: 2 });
    expect(asked.at(-1)).toEqual({ name: 'con_1' });
    expect(await run.details()).toContain(
      'Polled 2026-01-01 12:30 UTC · 3 tickets changed · not reported by a webhook: 1 comment, 2 statuses',
    );
    expect(await run.attributes()).toMatchObject({
      OrgId: 'acme',
      Subject: 'con_1',
      Provider: 'jira',
      LifecycleStatus: 'done',
    });
  });

  it('says what failed by its code, and that the next poll goes on', async () => {
    answers = [() => Promise.resolve({ ...nothingFound, failed: 'http_401' })];
    const run = await workflows.start({ ...polled, name: 'con_2' });
    await run.handle.result();
    expect(await run.details()).toContain('failed: http_401');
    expect(await run.attributes()).toMatchObject({ LifecycleStatus: 'failed' });
  });

  it('tries again when MongoDB is away', async () => {
    const before = asked.length;
    answers = [() => Promise.reject(new Error('MongoDB is away'))];
    await (await workflows.start({ ...polled, name: 'con_3', orgId: null })).handle.result();
    expect(asked.length - before).toBe(2);
  });
});

describe('the Schedules of the polls', () => {
  const wanted: Awaited<ReturnType<PollSchedulesDeps['wanted']>> = [];
  let database: Awaited<ReturnType<typeof openTestDatabase>>;
  let others: Awaited<ReturnType<typeof openTestDatabase>>;
  beforeAll(async () => {
    [database, others] = await Promise.all([openTestDatabase(), openTestDatabase()]);
  });
  afterAll(() => Promise.all([database.close(), others.close()]));
  const recordOf = (name: string) =>
    createScheduled((name === workflows.suffix ? database : others).models.pollSchedules);
  /** Each is another worker's. */
  const schedules = (name = workflows.suffix) =>
    createPollSchedules({
      scheduled: recordOf(name),
      client: workflows.client,
      taskQueue: `lifecycles${name}`,
      queueSuffix: name,
      wanted: () => Promise.resolve([...wanted]),
      logger: createLogger('silent'),
      timings: defaultTimings,
    });
  const handleOf = (name: string, suffix = workflows.suffix) =>
    workflows.client.schedule.getHandle(pollScheduleId(name, suffix));
  const isThere = (name: string, suffix?: string) =>
    handleOf(name, suffix)
      .describe()
      .then(
        () => true,
        () => false,
      );

  it('follow what is wanted, keep a pause, and leave those of other deployments alone', async () => {
    const other = schedules(`${workflows.suffix}-other`);
    wanted.push({ ...polled, name: 'con_4', intervalSeconds: 3_600 });
    await other.check();
    await schedules().check();
    // Twice at once is once.
    await Promise.all([schedules().check(), schedules().check()]);
    await handleOf('con_4').pause('An operator');
    wanted[0] = { ...polled, name: 'con_4', intervalSeconds: 1_800 };
    await eventually(
      async () => {
        await schedules().check();
        return handleOf('con_4').describe();
      },
      ({ spec }) => spec.intervals?.[0]?.every === 1_800_000,
    );
    expect((await handleOf('con_4').describe()).state).toMatchObject({ paused: true, note: 'An operator' });
    wanted.length = 0;
    await eventually(
      async () => {
        await schedules().check();
        return isThere('con_4');
      },
      (there) => !there,
    );
    expect(await isThere('con_4', `${workflows.suffix}-other`)).toBe(true);
    await handleOf('con_4', `${workflows.suffix}-other`).delete();
  });

  it('start polls, whose ids begin with the Schedule’s', async () => {
    wanted.push({ ...polled, name: 'con_5', intervalSeconds: 3_600 });
    await schedules().check();
    const before = asked.length;
    await handleOf('con_5').trigger();
    await eventually(
      () => Promise.resolve(asked.slice(before)),
      (calls) => calls.some(({ name }) => name === 'con_5'),
    );
    // The Schedule lists an action shortly after it has started the workflow.
    const { info } = await eventually(
      () => handleOf('con_5').describe(),
      (described) => described.info.recentActions.length > 0,
    );
    expect(info.recentActions[0]?.action.workflow.workflowId).toContain(pollScheduleId('con_5', workflows.suffix));
    await handleOf('con_5').delete();
  });
});
