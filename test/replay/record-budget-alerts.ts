import { ApplicationFailure } from '@temporalio/common';
import { expect, it } from 'vitest';
import type { ChannelType } from '../../src/notifications/port.js';
import { budgetAlertWorkflowId } from '../../workflows/contracts/workflow-ids.js';
import { openNotifications } from '../activities/notify-harness.js';
import { eventually } from '../support/eventually.js';
import { openBudgetAlertWorkers, openBudgetAlertWorkflows } from '../workflows/budget-alert-harness.js';
import { pendingOf, record } from './recording.js';

it('notices of budget events: told, refused, healed, wanted by nobody, waiting, and cancelled', async () => {
  const world = await openNotifications();
  const { client, starter, close } = await openBudgetAlertWorkers(world.activities);
  const start = async (...types: ChannelType[]) => {
    const { orgId } = await world.org(...types);
    const { _id: eventId } = await world.budgetEvent(orgId);
    expect(await starter.start({ orgId, eventId })).toBe(true);
    return client.workflow.getHandle(budgetAlertWorkflowId(orgId, eventId));
  };
  const isWaiting = ({ workflowId }: { workflowId: string }) =>
    eventually(
      () => pendingOf(client, workflowId),
      (pending) => pending.length === 1 && pending[0]?.attempt === 2,
    );

  world.teams.misbehave({ kind: 'status', status: 400 });
  const notified = await start('slack', 'webhook', 'teams', 'pagerduty');
  await notified.result();
  await record(client, notified.workflowId, 'notice-told-and-refused');

  const nobody = await start();
  await nobody.result();
  await record(client, nobody.workflowId, 'notice-wanted-by-nobody');

  world.slack.misbehave({ kind: 'status', status: 503 }, 2);
  const healed = await start('slack', 'webhook');
  await healed.result();
  await record(client, healed.workflowId, 'notice-channel-healed');

  world.slack.misbehave({ kind: 'status', status: 429, headers: { 'retry-after': '600' } });
  const waiting = await start('slack', 'webhook');
  await isWaiting(waiting);
  await record(client, waiting.workflowId, 'notice-waiting-for-a-channel');
  await waiting.cancel();
  await waiting.result().catch(() => undefined);
  await record(client, waiting.workflowId, 'notice-cancelled-during-a-retry');
  await close();
  await world.close();
});

it('a notice whose activity fails for good', async () => {
  const { client, notice, close } = await openBudgetAlertWorkflows();
  const given = notice({ channelId: 'chn_1', channelType: 'slack' }, { channelId: 'chn_2', channelType: 'teams' });
  await given.start();
  (await given.next('chn_1')).fail(ApplicationFailure.nonRetryable('For good.', 'Final'));
  (await given.next('chn_2')).answer();
  await given.handle.result();
  await record(client, given.handle.workflowId, 'notice-channel-given-up');
  await close();
});
