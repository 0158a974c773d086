import type { ChannelDue } from '../../workflows/contracts/notifications.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { activityEnvironment, failureOf, openNotifications, type Notifications } from './notify-harness.js';

let world: Notifications;
beforeAll(async () => {
  world = await openNotifications();
});
afterAll(() => world.close());

describe('the notice of a budget event', () => {
  const prepare = (orgId: string, eventId: string): Promise<ChannelDue[]> =>
    activityEnvironment().run((event: { orgId: string; eventId: string }) => world.activities.prepareNotice(event), {
      orgId,
      eventId,
    });

  it('is made due for every channel that wants it, whatever their minimum severity', async () => {
    const { orgId, channelIds } = await world.org('slack', 'webhook');
    const [slack = '', webhook = ''] = channelIds;
    await world.change(orgId, slack, { min_severity: 'critical' });
    const event = await world.budgetEvent(orgId, { wallet_id: 'w-1', threshold_percent: 80, other: 'not shown' });
    const due = await prepare(orgId, event._id);
    expect(new Map(due.map(({ channelId, channelType }) => [channelId, channelType]))).toEqual(
      new Map([
        [slack, 'slack'],
        [webhook, 'webhook'],
      ]),
    );
    expect(await world.events.findById(event._id).lean()).toMatchObject({ due: false });
    for (const channelId of [slack, webhook]) await world.notifyChannel({ orgId, subjectId: event._id, channelId });
    expect(world.slack.messages.at(-1)).toMatchObject({
      text: 'Budget threshold reached: 80 % of wallet w-1',
      links: ['https://bridge.example/'],
    });
    expect(world.webhook.messages.at(-1)).toMatchObject({
      type: 'budget.threshold_reached',
      data: { wallet_id: 'w-1', threshold_percent: 80 },
    });
  });

  it('is not made due again once it was, when what was sent has been dropped long since', async () => {
    const { orgId, channelIds } = await world.org('slack');
    const event = await world.budgetEvent(orgId);
    const due = [{ channelId: channelIds[0], channelType: 'slack' }];
    expect(await prepare(orgId, event._id)).toEqual(due);
    // What is pending is named to another run as well.
    expect(await prepare(orgId, event._id)).toEqual(due);
    await world.notifications.deleteMany({ subject_id: event._id });
    expect(await prepare(orgId, event._id)).toEqual([]);
    expect(await world.docs(event._id)).toEqual([]);
  });

  it('goes with data that is anything', async () => {
    const { orgId } = await world.org('pagerduty');
    for (const data of [null, 3, 'text', [1], {}, { wallet_id: { $gt: 1 } }]) {
      const event = await world.budgetEvent(orgId, data);
      const [due] = await prepare(orgId, event._id);
      const result = await world.notifyChannel({ orgId, subjectId: event._id, channelId: due?.channelId ?? '' });
      expect(result).toMatchObject({ sent: 1 });
    }
  });

  it('is final for an event that is not there, of another org, or of another type', async () => {
    const { orgId } = await world.org('slack');
    const event = await world.budgetEvent(orgId);
    const other = await world.budgetEvent(orgId);
    await world.events.updateOne({ _id: other._id }, { $set: { type: 'event.created' } });
    for (const [org, id] of [
      [orgId, 'evt_none'],
      ['another', event._id],
      [orgId, other._id],
    ] as const) {
      expect(await failureOf(prepare(org, id))).toMatchObject({ type: 'EventNotFound', nonRetryable: true });
    }
    expect(await world.docs(event._id)).toEqual([]);
  });
});
