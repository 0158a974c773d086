import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectMongo } from '../../src/db/connect.js';
import { makeOrg } from '../support/factories.js';
import { eventually } from '../support/eventually.js';
import { sendReply, startFakeTracker, type FakeTracker } from '../support/fake-tracker.js';
import { openProduct, publicUrl, webhookSecret, type RunningApi, type Product } from '../support/product.js';
import { escalationsOf, escalationWhen, openPeople, type People, type Shown } from './support/escalations.js';
import { patience } from './support/tracked.js';
import { hasEnded, temporalClient } from './support/workflows.js';

let people: People;
let tracker: FakeTracker;
let product: Product;
let api: RunningApi;
let org: { id: string; path: string };
const temporal = temporalClient();

const moments = ['created', 'claimed', 'overdue', 'resolved', 'budget'];
const policies = [
  { name: 'Off', enabled: false, match: {}, severity: 'low' },
  {
    name: 'PII',
    match: { 'classification.label': 'pii', score: { $gte: 0.9 } },
    severity: 'critical',
    title: 'PII left',
  },
  { name: 'Any block', match: { decision: { $in: ['block', 'flag'] } }, severity: 'medium', kind: 'approval' },
];
const risky = {
  decision: 'block',
  score: 0.97,
  classification: { label: 'pii' },
  gateway: { id: 'gw-1', name: 'Gateway one', environment: 'prod' },
  actor: { id: 'u-7', name: 'Ann Actor', email: 'ann@example.test' },
  reason: 'An e-mail address in the answer',
  context: { prompt: 'p' },
};

beforeAll(async () => {
  [people, tracker] = await Promise.all([openPeople(), startFakeTracker({ secret: webhookSecret })]);
  product = openProduct({
    env: { TICKET_PROVIDER: 'webhook', TICKET_WEBHOOK_URL: tracker.url, ...patience, ...people.env },
  });
  [api] = await Promise.all([product.startApi(), product.startWorker()]);
  org = await makeOrg(api.admin);
  const put = [
    await api.admin.put(`${org.path}/escalation-policies`, { policies }),
    await api.admin.put(`${org.path}/escalation-routing`, { severity_map: { critical: 'P1' }, on_resolve: 'close' }),
    await api.admin.put(`${org.path}/approvals`, { channels: people.channels(moments) }),
  ];
  expect(put.map(({ status }) => status)).toEqual([200, 200, 200]);
});
afterAll(async () => {
  await product.close();
  await Promise.all([people.close(), tracker.close()]);
});

const isClosed = ({ ticket }: Shown) => ticket?.state === 'closed' && ticket.sync_state === 'synced';
const notificationsOf = (title: string) => tracker.requests().filter(({ event }) => event?.ticket.title === title);

describe('one event that matches', () => {
  let path: string;
  let escalation: Shown;

  it('is one escalation, one ticket and one notification a channel, however often it is sent', async () => {
    const event = { type: 'event.created', id: 'e-1', data: risky };
    const sent = await Promise.all([1, 2, 3].map(() => api.admin.post(`${org.path}/events`, event)));
    expect(sent.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(sent.filter(({ body }) => body.events[0].duplicate === false)).toHaveLength(1);
    const all = await escalationsOf(api.admin, org.path);
    expect(all).toHaveLength(1);
    path = `${org.path}/escalations/${all[0]?.id}`;
    escalation = await escalationWhen(api.admin, path, ({ ticket }) => ticket?.sync_state === 'synced');
    expect(escalation).toMatchObject({
      status: 'open',
      severity: 'critical',
      kind: 'review',
      title: 'PII left',
      reason: risky.reason,
      gateway: risky.gateway,
      actor: { ...risky.actor, type: null },
      context: risky.context,
      policy: { name: 'PII' },
      event_id: sent[0]?.body.events[0].id,
      review_url: `${publicUrl}/escalations/${all[0]?.id}/review`,
    });
    await people.untilNotified([1, 1, 1, 1]);
    const created = notificationsOf('PII left');
    expect(created.map(({ event }) => event?.event)).toEqual(['ticket.create']);
    expect(created[0]?.event?.ticket).toMatchObject({
      severity: 'P1',
      url: escalation.review_url,
      metadata: {
        subject_type: 'escalation',
        subject_id: escalation.id,
        severity: 'critical',
        gateway: expect.stringContaining('Gateway one'),
        actor: expect.stringContaining('Ann Actor'),
        policy: 'PII',
        reason: risky.reason,
      },
    });
    expect(people.counts()).toEqual([1, 1, 1, 1]);
    expect(JSON.stringify(people.slack.messages)).toContain(escalation.review_url);
  });

  it('is claimed, discussed and resolved here, and the ticket and people hear of it', async () => {
    for (const [call, body] of [
      ['claim', undefined],
      ['notes', { body: 'Looks like a test account' }],
      ['release', undefined],
      ['claim', undefined],
      ['resolve', { resolution: 'dismissed', notes: 'A test account' }],
    ] as const) {
      expect((await api.admin.post(`${path}/${call}`, body)).status).toBe(200);
    }
    const resolved = await escalationWhen(api.admin, path, isClosed);
    expect(resolved).toMatchObject({ status: 'resolved', resolution: 'dismissed', ticket: { state: 'closed' } });
    const notified = notificationsOf('PII left').map(({ event }) => event?.comment?.body ?? event?.event);
    expect(notified).toEqual([
      'ticket.create',
      expect.stringMatching(/^Claimed by /),
      'Looks like a test account',
      expect.stringMatching(/^Released by /),
      expect.stringMatching(/^Claimed by /),
      expect.stringMatching(/^Resolved as dismissed by .*\n\nA test account$/s),
      'ticket.close',
    ]);
    await people.untilNotified([4, 4, 4, 4]);
    expect(people.counts()).toEqual([4, 4, 4, 4]);
    expect(people.pager.incidents).toMatchObject([{ state: 'resolved', severity: 'critical' }]);
    expect(people.faults()).toEqual([]);
    const client = await temporal();
    await eventually(
      () => hasEnded(client, resolved.workflow.id as string),
      (ended) => ended,
    );
  });

  it('left one escalation.created and one escalation.resolved', async () => {
    const connection = await connectMongo(product.env.MONGODB_URI ?? '', { maxPoolSize: 1 });
    const events = await connection.collection('events').find({ org_id: org.id }).sort({ _id: 1 }).toArray();
    await connection.close();
    const own = events.filter(({ type }) => String(type).startsWith('escalation.'));
    expect(own.map(({ type }) => type)).toEqual(['escalation.created', 'escalation.resolved']);
    const [created, resolved] = own.map(({ data }) => JSON.parse(String(data)));
    expect(created).toMatchObject({
      id: escalation.id,
      status: 'open',
      mapped_severity: 'P1',
      review_url: escalation.review_url,
    });
    expect(resolved).toMatchObject({ id: escalation.id, status: 'resolved', resolution: 'dismissed' });
    expect(created).not.toHaveProperty('notes');
  });

  it('takes a note after its resolution, and tells the ticket', async () => {
    expect((await api.admin.post(`${path}/notes`, { body: 'For the record' })).status).toBe(200);
    await eventually(
      () => Promise.resolve(notificationsOf('PII left').at(-1)?.event?.comment?.body),
      (body) => body === 'For the record',
    );
    expect(people.counts()).toEqual([4, 4, 4, 4]);
  });
});

describe('what the tracker says', () => {
  it('shows on the escalation, joins its thread, and decides nothing', async () => {
    const made = await api.admin.post(`${org.path}/escalations`, { title: 'By hand', severity: 'high' });
    expect(made.status).toBe(201);
    const path = `${org.path}/escalations/${made.body.id}`;
    const { ticket } = await escalationWhen(api.admin, path, (one) => one.ticket?.sync_state === 'synced');
    const publish = (fields: object) =>
      sendReply(api.url, { external_id: ticket.external_id, ...fields }, { secret: webhookSecret });
    expect(
      await publish({ status: 'Done', comment: { external_comment_id: 'c-1', author: 'Eve', body: 'Fixed' } }),
    ).toMatchObject({
      status: 200,
      body: { applied: { comment: true, status: true } },
    });
    expect((await api.admin.get(path)).body).toMatchObject({
      status: 'open',
      resolution: null,
      ticket: { external_status: 'Done', state: 'open' },
    });
    await publish({ status: 'Reopened' });
    expect((await api.admin.get(path)).body).toMatchObject({ status: 'open', ticket: { external_status: 'Reopened' } });
    const thread = await api.admin.get(`${path}/comments`);
    expect(thread.body.data).toMatchObject([{ source: 'external', author: 'Eve', body: 'Fixed' }]);
    const commented = await api.admin.post(`${path}/comments`, { body: 'Thanks' });
    expect(commented).toMatchObject({ status: 201, body: { sync_state: 'synced' } });
    // The next test counts notifications from here.
    await people.untilNotified([5, 5, 5, 5]);
  });
});

describe('what matches nothing', () => {
  it('raises nothing, and a budget event tells people once', async () => {
    const before = (await escalationsOf(api.admin, org.path)).length;
    const counts = people.counts();
    const budget = { wallet_id: 'w-1', threshold_percent: 80, spent: 8, limit: 10, currency: 'EUR', period: '2026-11' };
    const sent = await api.admin.post(`${org.path}/events`, {
      events: [
        { type: 'event.created', data: { decision: 'allow' } },
        { type: 'budget.threshold_reached', id: 'b-1', data: budget },
        { type: 'budget.threshold_reached', id: 'b-1', data: budget },
      ],
    });
    expect(sent.status).toBe(202);
    await people.untilNotified(counts.map((count) => count + 1));
    expect(people.counts()).toEqual(counts.map((count) => count + 1));
    expect(people.slack.messages.at(-1)?.text).toContain('w-1');
    expect(await escalationsOf(api.admin, org.path)).toHaveLength(before);
    expect(people.faults()).toEqual([]);
  });
});
