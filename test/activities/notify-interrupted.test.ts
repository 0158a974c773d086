import { ActivityCancellationDetails } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { activityEnvironment, failureOf, openNotifications, type Notifications } from './notify-harness.js';

let world: Notifications;
beforeAll(async () => {
  world = await openNotifications();
});
afterAll(() => world.close());

describe('a worker that dies', () => {
  it('before it sends loses nothing', async () => {
    const recipient = await world.oneChannel('webhook');
    const before = world.webhook.messages.length;
    await failureOf(world.notifyChannel(recipient, { crashAt: 'before_send' }));
    expect(await world.statusesOf(recipient.subjectId)).toEqual(['pending']);
    await world.notifyChannel(recipient);
    expect(world.webhook.messages).toHaveLength(before + 1);
  });

  it('between a send and its record sends again, and who has a key for it takes it once', async () => {
    for (const type of ['webhook', 'pagerduty'] as const) {
      const recipient = await world.oneChannel(type);
      const asked = world[type].requests.length;
      expect(await failureOf(world.notifyChannel(recipient, { crashAt: 'after_send' }))).toMatchObject({
        type: 'Unexpected',
      });
      expect(await world.statusesOf(recipient.subjectId)).toEqual(['pending']);
      expect(await world.notifyChannel(recipient)).toMatchObject({ sent: 1 });
      expect(world[type].requests).toHaveLength(asked + 2);
      const incidents = world.pagerduty.incidents.filter(({ dedupKey }) => dedupKey === recipient.subjectId);
      const messages = world.webhook.messages.filter(({ orgId }) => orgId === recipient.orgId);
      expect(type === 'webhook' ? messages : incidents).toHaveLength(1);
    }
    const [first, second] = world.webhook.requests.slice(-2);
    expect(first?.rawBody).toEqual(second?.rawBody);
    expect(first?.headers['webhook-id']).toBe(second?.headers['webhook-id']);
  });

  it('and comes back late changes nothing that another one has settled', async () => {
    const recipient = await world.oneChannel('slack');
    const [late] = await world.docs(recipient.subjectId);
    await world.notifyChannel(recipient);
    if (!late) throw new Error('Nothing was due.');
    await world.outbox.postpone(late, { tries: 1, error: 'late', nextTryAt: new Date() });
    await world.outbox.settle(late, 'failed', 'late');
    expect(await world.docs(recipient.subjectId)).toMatchObject([{ status: 'sent', last_error: null, tries: 0 }]);
  });

  it('orderly gives the call up, leaves what is due as it was, and says that another one goes on', async () => {
    const recipient = await world.oneChannel('teams', ['created', 'claimed']);
    const due = await world.docs(recipient.subjectId);
    const environment = activityEnvironment();
    world.teams.misbehave({ kind: 'hang' });
    const asked = world.teams.requests.length;
    const notifying = failureOf(world.notifyChannel(recipient, { environment }));
    await eventually(
      () => Promise.resolve(world.teams.requests.length),
      (count) => count > asked,
    );
    environment.cancel('WORKER_SHUTDOWN', ActivityCancellationDetails.fromProto({ isWorkerShutdown: true }));
    expect(await notifying).toMatchObject({ type: 'WorkerStopping' });
    expect(await world.docs(recipient.subjectId)).toEqual(due);
  });
});

describe('a workflow that calls it back', () => {
  it('gets the call that is on its way onto record, and begins no other', async () => {
    const recipient = await world.oneChannel('webhook', ['created', 'claimed']);
    const environment = activityEnvironment();
    world.webhook.misbehave({ kind: 'delay', ms: 300 });
    const asked = world.webhook.requests.length;
    const notifying = world.notifyChannel(recipient, { environment });
    await eventually(
      () => Promise.resolve(world.webhook.requests.length),
      (count) => count > asked,
    );
    environment.cancel('CANCELLED', ActivityCancellationDetails.fromProto({ isCancelled: true }));
    expect(await notifying).toEqual({ sent: 1, failed: 0, gone: 0 });
    expect(await world.statusesOf(recipient.subjectId)).toEqual(['sent', 'pending']);
  });
});
