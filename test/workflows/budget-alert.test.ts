import { Client, Connection, WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../dev/stack/ports.js';
import { defaultTimings } from '../../src/config/timings.js';
import { createLogger } from '../../src/observability/logger.js';
import { createBudgetAlertStarter } from '../../src/temporal/budget-alert-starter.js';
import { eventually } from '../support/eventually.js';
import { openBudgetAlertWorkflows, type BudgetAlertWorkflows } from './budget-alert-harness.js';

const hourMs = 3_600_000;
const slack = { channelId: 'chn_1', channelType: 'slack' } as const;
const teams = { channelId: 'chn_2', channelType: 'teams' } as const;

let workflows: BudgetAlertWorkflows;
beforeAll(async () => {
  workflows = await openBudgetAlertWorkflows();
});
afterAll(() => workflows.close());

const summariesOf = (events: Awaited<ReturnType<ReturnType<BudgetAlertWorkflows['notice']>['events']>>) =>
  events
    .filter((event) => event.activityTaskScheduledEventAttributes)
    .map((event) => Buffer.from(event.userMetadata?.summary?.data ?? []).toString());

describe('the notice of a budget event', () => {
  it('tells its channels side by side, and ends when each has been told', async () => {
    const notice = workflows.notice(slack, teams);
    expect(await notice.start()).toBe(true);
    const [toSlack, toTeams] = await Promise.all([notice.next('chn_1'), notice.next('chn_2')]);
    toTeams.answer();
    toSlack.answer();
    expect(await notice.handle.result()).toBeUndefined();
    expect(await notice.attributes()).toMatchObject({ LifecycleStatus: 'done' });
  });

  it('ends at once when nobody wants it', async () => {
    const notice = workflows.notice();
    await notice.start();
    await notice.handle.result();
    expect(summariesOf(await notice.events())).toEqual(['"find the channels that want it"']);
  });

  it('tells one channel while another is down for hours', async () => {
    const notice = workflows.notice(slack, teams);
    await notice.start();
    (await notice.next('chn_1')).failFor(hourMs);
    (await notice.next('chn_2')).answer();
    const details = await eventually(
      () => notice.details(),
      (text) => text.includes('1 channel is left'),
    );
    expect(details).toContain('Pending Activities');
    const pending = await eventually(
      () => notice.pending(),
      ([first]) => first?.attempt === 2,
    );
    expect(pending).toHaveLength(1);
    expect(await notice.attributes()).toMatchObject({ LifecycleStatus: 'notifying' });
  });

  it('tries a channel again after the delay that the activity names, without an end', async () => {
    const notice = workflows.notice(slack);
    await notice.start();
    for (let attempt = 1; attempt <= 5; attempt++) {
      const notifying = await notice.next('chn_1');
      expect(notifying.attempt).toBe(attempt);
      notifying.failFor(10);
    }
    (await notice.next('chn_1')).answer();
    await notice.handle.result();
  });

  it('does not fail for a channel that fails finally', async () => {
    const notice = workflows.notice(slack, teams);
    await notice.start();
    (await notice.next('chn_1')).fail(ApplicationFailure.nonRetryable('For good.', 'Final'));
    (await notice.next('chn_2')).answer();
    expect(await notice.handle.result()).toBeUndefined();
    expect((await notice.handle.describe()).status.name).toBe('COMPLETED');
  });

  it('fails with the type of the failure when there is no such event', async () => {
    const known = workflows.notice();
    const unknown = { ...known.event, eventId: 'evt_none' };
    const { client, taskQueue } = workflows;
    const starter = createBudgetAlertStarter({
      ...{ client, taskQueue, logger: createLogger('silent') },
      timings: defaultTimings,
    });
    await starter.start(unknown);
    const error: unknown = await client.workflow
      .getHandle(`notice/${unknown.orgId}/evt_none`)
      .result()
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WorkflowFailedError);
    expect((error as WorkflowFailedError).cause).toMatchObject({ cause: { type: 'EventNotFound' } });
  });

  it('can be cancelled by an operator while a channel is down, and started again', async () => {
    const notice = workflows.notice(slack);
    await notice.start();
    (await notice.next('chn_1')).failFor(hourMs);
    await eventually(
      () => notice.pending(),
      ([first]) => first?.attempt === 2,
    );
    await notice.handle.cancel();
    await expect(notice.handle.result()).rejects.toBeInstanceOf(WorkflowFailedError);
    expect((await notice.handle.describe()).status.name).toBe('CANCELLED');
    expect(await notice.start()).toBe(true);
    (await notice.next('chn_1')).answer();
    await notice.handle.result();
  });
});

describe('starting a notice', () => {
  it('that runs leaves it alone', async () => {
    const notice = workflows.notice(slack);
    await notice.start();
    const notifying = await notice.next('chn_1');
    const { runId } = await notice.handle.describe();
    expect(await Promise.all([notice.start(), notice.start()])).toEqual([true, true]);
    expect((await notice.handle.describe()).runId).toBe(runId);
    notifying.answer();
    await notice.handle.result();
    expect(summariesOf(await notice.events())).toHaveLength(2);
  });

  it('that is done does no harm: what is told is told', async () => {
    const notice = workflows.notice(slack);
    await notice.start();
    (await notice.next('chn_1')).answer();
    await notice.handle.result();
    workflows.script.setDue(notice.event.eventId, []);
    expect(await notice.start()).toBe(true);
    await notice.handle.result();
    expect(workflows.script.untaken(notice.event.eventId, 'chn_1')).toBe(0);
  });

  it('says within seconds that Temporal is not there, and throws nothing', async () => {
    const connection = Connection.lazy({ address: `127.0.0.1:${await freePort()}` });
    const client = new Client({ connection });
    const warned: object[] = [];
    const logger = Object.assign(createLogger('silent'), { warn: (entry: object) => void warned.push(entry) });
    const starter = createBudgetAlertStarter({ client, taskQueue: 'lifecycles', logger, timings: defaultTimings });
    const startedAt = Date.now();
    expect(await starter.start({ orgId: 'acme', eventId: 'evt_1' })).toBe(false);
    expect(Date.now() - startedAt).toBeLessThan(12_000);
    expect(warned).toMatchObject([{ org: 'acme', event: 'evt_1' }]);
    await connection.close();
  });
});

describe('what an operator sees of a notice', () => {
  it('is the event and the org from the start, and which channel each activity tells', async () => {
    const notice = workflows.notice(slack, teams);
    await notice.start();
    const { orgId, eventId } = notice.event;
    await Promise.all([notice.next('chn_1'), notice.next('chn_2')]);
    expect(await notice.attributes()).toMatchObject({ OrgId: orgId, Subject: eventId, LifecycleStatus: 'notifying' });
    const details = await notice.details();
    for (const part of [eventId, orgId, '**Next:**', '2 channels are left']) expect(details).toContain(part);
    expect(summariesOf(await notice.events())).toEqual([
      '"find the channels that want it"',
      '"notify slack chn_1"',
      '"notify teams chn_2"',
    ]);
    const [started] = await notice.events();
    expect(Buffer.from(started?.userMetadata?.summary?.data ?? []).toString()).toBe(
      `"Notice of budget event ${eventId}"`,
    );
  });

  it('finds it by its org and its state', async () => {
    const notice = workflows.notice();
    await notice.start();
    await notice.handle.result();
    await eventually(
      () => workflows.client.workflow.count(`OrgId = "${notice.event.orgId}" AND LifecycleStatus = "done"`),
      ({ count }) => count === 1,
    );
    expect(await notice.details()).toContain('### Done');
  });
});
