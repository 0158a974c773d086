import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trusted } from '../../src/db/schema-options.js';
import { failureOf, newSubject, openNotifications, type Notifications } from './notify-harness.js';

let world: Notifications;
beforeAll(async () => {
  world = await openNotifications();
});
afterAll(() => world.close());

const hourMs = 3_600_000;
const oneChannel: Notifications['oneChannel'] = (...args) => world.oneChannel(...args);
const statusesOf = (subjectId: string) => world.statusesOf(subjectId);
const unavailable = { kind: 'status', status: 503, body: { message: 'canary' } } as const;

describe('what is due for a channel', () => {
  it('is sent in its order, once each, and settled', async () => {
    const { messages } = world.slack;
    const before = messages.length;
    const recipient = await oneChannel('slack', ['created', 'claimed', 'resolved']);
    expect(await world.notifyChannel(recipient)).toEqual({ sent: 3, failed: 0, gone: 0 });
    expect(messages.slice(before).map(({ text }) => text.split(/[ :]/)[0])).toEqual(['New', 'Claimed', 'Resolved']);
    for (const doc of await world.docs(recipient.subjectId)) {
      expect(doc).toMatchObject({ status: 'sent', last_error: null, settled_at: expect.any(Date) as Date });
    }
    expect(await world.notifyChannel(recipient)).toEqual({ sent: 0, failed: 0, gone: 0 });
    expect(messages).toHaveLength(before + 3);
  });

  it('is one notification a channel, however often it is made due', async () => {
    const { orgId, channelIds } = await world.org('slack', 'teams', 'webhook', 'pagerduty');
    const subjectId = newSubject();
    await Promise.all([1, 2, 3, 4].map(() => world.put({ orgId, subjectId, seq: 1 })));
    await world.put({ orgId, subjectId, seq: 1 }, { title: 'Changed since' });
    const docs = await world.docs(subjectId);
    expect(docs.map(({ channel_id }) => channel_id)).toEqual([...channelIds].sort());
    for (const { payload } of docs) expect(payload).not.toContain('Changed since');
  });

  it('is made due for those who miss it, when the first one who did so died half-way', async () => {
    const { orgId, channelIds } = await world.org('slack', 'teams', 'webhook');
    const subjectId = newSubject();
    await world.put({ orgId, subjectId, seq: 1 });
    await world.notifications.deleteMany({ subject_id: subjectId, channel_id: trusted({ $in: channelIds.slice(1) }) });
    await world.put({ orgId, subjectId, seq: 1 });
    expect(await world.docs(subjectId)).toHaveLength(3);
  });

  it('stays what it was when it is made due again after it was sent', async () => {
    const recipient = await oneChannel('webhook');
    await world.notifyChannel(recipient);
    await world.put({ ...recipient, seq: 1 });
    expect(await statusesOf(recipient.subjectId)).toEqual(['sent']);
    expect(await world.outbox.dueChannels(recipient.orgId, recipient.subjectId)).toEqual([]);
  });

  it('is nothing for those who do not want it', async () => {
    const { orgId, channelIds } = await world.org('slack', 'teams', 'webhook');
    const [slack = '', teams = '', webhook = ''] = channelIds;
    await world.change(orgId, slack, { moments: ['resolved'] });
    await world.change(orgId, teams, { min_severity: 'critical' });
    const subjectId = newSubject();
    await world.put({ orgId, subjectId, seq: 1 });
    const due = await world.outbox.dueChannels(orgId, subjectId);
    expect(due).toEqual([{ channelId: webhook, channelType: 'webhook' }]);
    await world.put({ orgId: 'nobody', subjectId: newSubject(), seq: 1 });
  });

  it('is listed once a channel, for its own org and subject only', async () => {
    const recipient = await oneChannel('slack', ['created', 'claimed']);
    const { orgId, subjectId, channelId } = recipient;
    expect(await world.outbox.dueChannels(orgId, subjectId)).toEqual([{ channelId, channelType: 'slack' }]);
    expect(await world.outbox.dueChannels('another', subjectId)).toEqual([]);
    expect(await world.outbox.dueChannels(orgId, newSubject())).toEqual([]);
    expect(await world.notifyChannel({ ...recipient, orgId: 'another' })).toEqual({ sent: 0, failed: 0, gone: 0 });
  });

  it('keeps texts that mean something to MongoDB or JavaScript as they came', async () => {
    const { orgId, channelIds } = await world.org('webhook');
    const subjectId = newSubject();
    const title = '$where {"__proto__": 1} a.b \u0000 👩‍🚀';
    await world.put({ orgId, subjectId, seq: 1 }, { title });
    await world.notifyChannel({ orgId, subjectId, channelId: channelIds[0] ?? '' });
    expect(world.webhook.messages.at(-1)).toMatchObject({ orgId, data: { title } });
  });
});

describe('a channel that is down', () => {
  it('holds up no other one', async () => {
    const { orgId, channelIds } = await world.org('teams', 'webhook');
    const [teams = '', webhook = ''] = channelIds;
    const subjectId = newSubject();
    await world.put({ orgId, subjectId, seq: 1 });
    world.teams.misbehave({ kind: 'hang' });
    const failing = failureOf(
      world.notifyChannel({ orgId, subjectId, channelId: teams }, { send: world.shortTimeoutSend }),
    );
    expect(await world.notifyChannel({ orgId, subjectId, channelId: webhook })).toMatchObject({ sent: 1 });
    expect(world.webhook.messages.at(-1)).toMatchObject({ orgId, type: 'escalation.created' });
    expect(await failing).toMatchObject({ type: 'ChannelUnavailable' });
    expect(await world.outbox.dueChannels(orgId, subjectId)).toEqual([{ channelId: teams, channelType: 'teams' }]);
  });

  it('is tried again after 1, 2, 4 seconds, a little later by chance, and noted', async () => {
    const recipient = await oneChannel('teams');
    for (const [tries, delayMs] of [
      [1, 1_000],
      [2, 2_000],
      [3, 4_000],
    ] as const) {
      world.teams.misbehave(unavailable);
      const before = Date.now();
      const { nextRetryDelay, ...failure } = await failureOf(world.notifyChannel(recipient));
      expect(failure).toMatchObject({ type: 'ChannelUnavailable' });
      expect(failure.nonRetryable).not.toBe(true);
      expect(nextRetryDelay).toBeGreaterThanOrEqual(delayMs);
      expect(nextRetryDelay).toBeLessThanOrEqual(delayMs * 1.25 + 1);
      const [noted] = await world.docs(recipient.subjectId);
      expect(noted).toMatchObject({ status: 'pending', tries, settled_at: null });
      expect(noted?.last_error).toContain('HTTP 503');
      const nextTryAt = noted?.next_try_at?.getTime() ?? 0;
      expect(nextTryAt).toBeGreaterThanOrEqual(before + delayMs);
      expect(nextTryAt).toBeLessThanOrEqual(Date.now() + delayMs * 1.25 + 1);
      await world.endWait(recipient.subjectId);
    }
    expect(await world.notifyChannel(recipient)).toMatchObject({ sent: 1 });
    expect(await statusesOf(recipient.subjectId)).toEqual(['sent']);
  });

  it('is left alone for as long as it asks, also by another run, and by what comes behind', async () => {
    const recipient = await oneChannel('slack', ['created', 'claimed']);
    world.slack.misbehave({ kind: 'status', status: 429, headers: { 'retry-after': '120' } });
    const failure = await failureOf(world.notifyChannel(recipient));
    expect(failure).toMatchObject({ type: 'ChannelUnavailable' });
    expect(failure.nextRetryDelay).toBeGreaterThanOrEqual(120_000);
    const asked = world.slack.requests.length;
    const again = await failureOf(world.notifyChannel(recipient));
    expect(again).toMatchObject({ type: 'ChannelUnavailable' });
    expect(again.nextRetryDelay).toBeGreaterThan(110_000);
    expect(world.slack.requests).toHaveLength(asked);
    expect(await world.docs(recipient.subjectId)).toMatchObject([{ tries: 1 }, { tries: 0 }]);
  });

  it('is told in order when it is up again: what comes behind never overtakes', async () => {
    const recipient = await oneChannel('webhook', ['created', 'claimed', 'resolved']);
    const before = world.webhook.messages.length;
    world.webhook.misbehave({ kind: 'reset' });
    await failureOf(world.notifyChannel(recipient));
    expect(world.webhook.messages).toHaveLength(before);
    await world.endWait(recipient.subjectId);
    await world.notifyChannel(recipient);
    const types = world.webhook.messages.slice(before).map(({ type }) => type);
    expect(types).toEqual(['escalation.created', 'escalation.claimed', 'escalation.resolved']);
  });

  it('tells Temporal and the log nothing but our words: no address, no key, nothing that the service wrote', async () => {
    const recipient = await oneChannel('slack');
    world.slack.misbehave(unavailable);
    const failure = await failureOf(world.notifyChannel(recipient));
    expect(failure.message).toMatch(/^Slack failed with HTTP 503\. \(http_503\) Next retry in \d+ s\.$/);
    expect(failure.cause).toBeUndefined();
    await world.endWait(recipient.subjectId);
    world.slack.misbehave({ ...unavailable, status: 400 });
    await world.notifyChannel(recipient);
    const [doc] = await world.docs(recipient.subjectId);
    expect(JSON.stringify([failure, failure.message, doc, world.logged])).not.toMatch(/canary|127\.0\.0\.1/);
  });

  it('is given up after a day, and what comes behind waits as long as it asked', async () => {
    const recipient = await oneChannel('slack', ['created', 'claimed']);
    const { subjectId } = recipient;
    const aged = { created_at: new Date(Date.now() - 24 * hourMs - 1_000), tries: 290 };
    await world.notifications.updateOne({ subject_id: subjectId, seq: 1 }, { $set: aged });
    world.slack.misbehave({ kind: 'status', status: 429, headers: { 'retry-after': '900' } });
    const asked = world.slack.requests.length;
    const failure = await failureOf(world.notifyChannel(recipient));
    expect(failure.nextRetryDelay).toBeGreaterThan(890_000);
    expect(world.slack.requests).toHaveLength(asked + 1);
    expect(await statusesOf(subjectId)).toEqual(['failed', 'pending']);
    expect(world.logged.at(-1)).toMatchObject({ level: 'warn', entry: { subject: subjectId, code: 'http_429' } });
    await world.endWait(subjectId);
    expect(await world.notifyChannel(recipient)).toEqual({ sent: 1, failed: 0, gone: 0 });
  });

  it('still gets what lay about for days because everything was down', async () => {
    const recipient = await oneChannel('webhook');
    const aged = { created_at: new Date(Date.now() - 72 * hourMs) };
    await world.notifications.updateOne({ subject_id: recipient.subjectId }, { $set: aged });
    expect(await world.notifyChannel(recipient)).toEqual({ sent: 1, failed: 0, gone: 0 });
  });
});

describe('a channel that refuses', () => {
  it('is not asked again for that one, is noted in the log, and gets the next one', async () => {
    const recipient = await oneChannel('slack', ['created', 'claimed']);
    const { orgId, subjectId, channelId } = recipient;
    world.slack.misbehave({
      kind: 'status',
      status: 404,
      body: 'no_service',
      headers: { 'content-type': 'text/plain' },
    });
    expect(await world.notifyChannel(recipient)).toEqual({ sent: 1, failed: 1, gone: 0 });
    const [failed, sent] = await world.docs(subjectId);
    expect(failed).toMatchObject({ status: 'failed', settled_at: expect.any(Date) as Date });
    expect(failed?.last_error).toContain('disabled or removed');
    expect(sent).toMatchObject({ status: 'sent', moment: 'claimed' });
    const entry = { org: orgId, channel: channelId, subject: subjectId, moment: 'created', code: 'http_404', tries: 1 };
    expect(world.logged.at(-1)).toEqual({ level: 'warn', entry });
  });

  it('that was disabled or removed since is gone, and nobody is asked', async () => {
    const disabled = await oneChannel('slack', ['created', 'claimed']);
    await world.change(disabled.orgId, disabled.channelId, { enabled: false });
    const removed = await oneChannel('teams');
    await world.remove(removed.orgId);
    const asked = world.slack.requests.length + world.teams.requests.length;
    expect(await world.notifyChannel(disabled)).toEqual({ sent: 0, failed: 0, gone: 2 });
    expect(await world.notifyChannel(removed)).toEqual({ sent: 0, failed: 0, gone: 1 });
    expect(world.slack.requests.length + world.teams.requests.length).toBe(asked);
    expect(await statusesOf(disabled.subjectId)).toEqual(['gone', 'gone']);
  });

  it('cannot stop the others with a notification that nobody can make', async () => {
    const recipient = await oneChannel('webhook', ['created', 'claimed']);
    const { subjectId } = recipient;
    const aged = { created_at: new Date(Date.now() - 25 * hourMs), payload: '{"canary' };
    await world.notifications.updateOne({ subject_id: subjectId, seq: 1 }, { $set: aged });
    await failureOf(world.notifyChannel(recipient));
    expect(world.logged.map(({ level }) => level)).toContain('error');
    await world.endWait(subjectId);
    expect(await world.notifyChannel(recipient)).toMatchObject({ sent: 1 });
    expect(await statusesOf(subjectId)).toEqual(['failed', 'sent']);
  });
});

describe('what lies in the outbox', () => {
  it('is found by an index, and dropped a month after it was settled, never before', async () => {
    const recipient = await oneChannel('slack');
    const indexes = await world.notifications.collection.indexes();
    const ttl = indexes.filter(({ expireAfterSeconds }) => expireAfterSeconds !== undefined);
    expect(ttl).toMatchObject([{ key: { settled_at: 1 }, expireAfterSeconds: 2_592_000 }]);
    expect(await world.docs(recipient.subjectId)).toMatchObject([{ settled_at: null }]);
    const plan = await world.notifications
      .find({ org_id: recipient.orgId, subject_id: recipient.subjectId, status: 'pending' })
      .explain('queryPlanner');
    expect(JSON.stringify(plan)).toContain('IXSCAN');
  });

  it('is tried again after seconds when MongoDB is away', async () => {
    const other = await openNotifications();
    const { orgId } = await other.org('slack');
    await other.close();
    const failure = await failureOf(other.notifyChannel({ orgId, subjectId: 'esc_1', channelId: 'chn_1' }));
    expect(failure).toMatchObject({ type: 'StoreUnavailable', nextRetryDelay: 5_000 });
  });

  it('stays as it is when MongoDB goes away during a send, which is no failure of the channel', async () => {
    const recipient = await oneChannel('slack');
    const due = await world.docs(recipient.subjectId);
    const send = () => Promise.reject(Object.assign(new Error('canary'), { name: 'MongoNetworkError' }));
    expect(await failureOf(world.notifyChannel(recipient, { send }))).toMatchObject({ type: 'StoreUnavailable' });
    expect(await world.docs(recipient.subjectId)).toEqual(due);
  });
});
