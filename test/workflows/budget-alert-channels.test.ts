import { randomBytes } from 'node:crypto';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { endSignal, nameSignal, runningQuery, type manyNames } from './budget-alert-channels-fixture.js';
import { channelsBundle, openBudgetAlertWorkflows, type BudgetAlertWorkflows } from './budget-alert-harness.js';
import { underTest } from './workers.js';
import type { ChannelDue } from '../../workflows/contracts/notifications.js';

const hourMs = 3_600_000;
const slack = { channelId: 'chn_1', channelType: 'slack' } as const;
const teams = { channelId: 'chn_2', channelType: 'teams' } as const;

let workflows: BudgetAlertWorkflows;
beforeAll(async () => {
  workflows = await openBudgetAlertWorkflows(await channelsBundle());
});
afterAll(() => workflows.close());

/** A workflow that is told which channels are due. */
async function open() {
  const { client, taskQueue, script } = workflows;
  const subjectId = `esc_${randomBytes(5).toString('hex')}`;
  const handle = await client.workflow.start<typeof manyNames>('manyNames', {
    workflowId: subjectId,
    taskQueue,
    args: [{ orgId: 'acme', subjectId }],
  });
  return underTest(client, subjectId, {
    name: (...due: ChannelDue[]) => handle.signal(nameSignal, due),
    end: () => handle.signal(endSignal),
    result: () => handle.result(),
    running: () => handle.query(runningQuery),
    next: (channelId: string) => script.next(subjectId, channelId),
    untaken: (channelId: string) => script.untaken(subjectId, channelId),
  });
}

describe('channels that are named again and again', () => {
  it('are told one try at a time, and once more for all that came meanwhile', async () => {
    const many = await open();
    await many.name(slack);
    const first = await many.next('chn_1');
    for (let time = 0; time < 3; time++) await many.name(slack);
    expect(await many.running()).toBe(1);
    expect(many.untaken('chn_1')).toBe(0);
    first.answer();
    (await many.next('chn_1')).answer({ sent: 0 });
    await eventually(
      () => many.running(),
      (running) => running === 0,
    );
    const scheduled = (await many.events()).filter((event) => event.activityTaskScheduledEventAttributes);
    expect(scheduled).toHaveLength(2);
  });

  it('are told again when they were told before', async () => {
    const many = await open();
    for (let time = 0; time < 2; time++) {
      await many.name(slack);
      (await many.next('chn_1')).answer();
      await eventually(
        () => many.running(),
        (running) => running === 0,
      );
    }
  });

  it('are told again after one failed finally', async () => {
    const many = await open();
    await many.name(slack);
    const first = await many.next('chn_1');
    await many.name(slack);
    await many.running();
    first.fail(ApplicationFailure.nonRetryable('For good.', 'Final'));
    (await many.next('chn_1')).answer();
  });

  it('never wait for one another', async () => {
    const many = await open();
    await many.name(slack);
    (await many.next('chn_1')).failFor(hourMs);
    for (let time = 0; time < 3; time++) {
      await many.name(slack, teams);
      (await many.next('chn_2')).answer();
      await eventually(
        () => many.running(),
        (running) => running === 1,
      );
    }
    expect(many.untaken('chn_1')).toBe(0);
  });
});

describe('channels that are called back before a new run', () => {
  it('are not waited for while they are down', async () => {
    const many = await open();
    await many.name(slack, teams);
    for (const channel of ['chn_1', 'chn_2']) (await many.next(channel)).failFor(hourMs);
    await eventually(
      () => many.pending(),
      (pending) => pending.length === 2 && pending.every(({ attempt }) => attempt === 2),
    );
    await many.end();
    // Nothing runs on, and nothing is begun from then on.
    expect(await many.result()).toBe(0);
    expect(many.untaken('chn_late')).toBe(0);
  });

  it('finish what is on its way, and begin nothing for those who named them meanwhile', async () => {
    const many = await open();
    await many.name(slack, teams);
    const [toSlack, toTeams] = await Promise.all([many.next('chn_1'), many.next('chn_2')]);
    await many.name(slack, teams);
    await many.end();
    await Promise.all([toSlack.cancelled, toTeams.cancelled]);
    expect((await many.handle.describe()).status.name).toBe('RUNNING');
    toSlack.answer();
    toTeams.fail(new CancelledFailure('Called back.'));
    expect(await many.result()).toBe(0);
    const scheduled = (await many.events()).filter((event) => event.activityTaskScheduledEventAttributes);
    expect(scheduled).toHaveLength(2);
  });

  it('may be none', async () => {
    const many = await open();
    await many.end();
    expect(await many.result()).toBe(0);
  });
});
