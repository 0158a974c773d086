import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { makeOrg } from '../support/factories.js';
import { startFakeTracker, type FakeTracker } from '../support/fake-tracker.js';
import { expectNotified, type NotifiedMoment } from '../support/faults/escalations.js';
import { openGate, type Gate } from '../support/faults/gate.js';
import { openProduct, webhookSecret, type RunningApi, type Product } from '../support/product.js';
import { timingsEnv } from '../support/timings.js';
import { escalationWhen, openPeople, type People, type Shown } from './support/escalations.js';
import { hasEnded, temporalClient } from './support/workflows.js';

let people: People;
let tracker: FakeTracker;
let gates: { slack: Gate; teams: Gate };
let product: Product;
let api: RunningApi;
let path: string;
let escalation: Shown;
const temporal = temporalClient();
const moments: NotifiedMoment[] = ['created', 'claimed', 'resolved'];

beforeAll(async () => {
  [people, tracker] = await Promise.all([openPeople(), startFakeTracker({ secret: webhookSecret })]);
  const [slack, teams] = await Promise.all([openGate(people.slack.url, 'hangs'), openGate(people.teams.url, 503)]);
  gates = { slack, teams };
  product = openProduct({
    env: {
      ...{ TICKET_PROVIDER: 'webhook', TICKET_WEBHOOK_URL: tracker.url, ...people.env },
      // The call that hangs must outlast the first test; the channel that fails is retried soon after it recovers.
      DELIVERY_TIMEOUT_MS: '60000',
      ...timingsEnv({ retries: { maxMs: 1_000 } }),
    },
  });
  [api] = await Promise.all([product.startApi(), product.startWorker()]);
  const org = await makeOrg(api.admin);
  const channels = people
    .channels(moments)
    .map((one) => (one.type === 'slack' || one.type === 'teams' ? { ...one, url: gates[one.type].url } : one));
  expect((await api.admin.put(`${org.path}/approvals`, { channels })).status).toBe(200);
  const made = await api.admin.post(`${org.path}/escalations`, { title: 'Told alone', severity: 'high' });
  expect(made.status).toBe(201);
  path = `${org.path}/escalations/${made.body.id}`;
});
afterAll(async () => {
  await product.close();
  await Promise.all([people.close(), tracker.close(), gates.slack.close(), gates.teams.close()]);
});

/** The ticket's comments, and what PagerDuty and the webhook's receiver have been told. */
const heard = () => ({
  comments: tracker.tickets()[0]?.comments.length,
  sent: people.counts().slice(2),
});

describe('with one channel that hangs and one that answers 503', () => {
  it('the ticket opens and the others are told, and of the claim and the resolution too', async () => {
    const startedAt = Date.now();
    await escalationWhen(api.admin, path, ({ ticket }) => ticket?.sync_state === 'synced');
    await people.untilNotified([0, 0, 1, 1]);
    // Not before they had begun to fail: else nothing would have been held up.
    await eventually(
      () => Promise.resolve([gates.slack.turnedAway, gates.teams.turnedAway]),
      (turnedAway) => turnedAway.every((count) => count > 0),
    );
    expect((await api.admin.post(`${path}/claim`)).status).toBe(200);
    await people.untilNotified([0, 0, 2, 2]);
    expect((await api.admin.post(`${path}/resolve`, { resolution: 'approved' })).status).toBe(200);
    await people.untilNotified([0, 0, 3, 3]);
    const last = await eventually(
      () => Promise.resolve(heard()),
      ({ comments }) => comments === 2,
    );
    process.stdout.write(`Two channels out of order: the others were told all after ${Date.now() - startedAt} ms\n`);
    expect(last).toEqual({ comments: 2, sent: [3, 3] });
    // One call to the channel that hangs: all of it happened while that was waited for.
    expect([gates.slack.turnedAway, ...people.counts().slice(0, 2)]).toEqual([1, 0, 0]);
    escalation = (await api.admin.get(path)).body;
    expect(await hasEnded(await temporal(), String(escalation.workflow.id))).toBe(false);
  }, 50_000);

  it('they are told of all of it in order as soon as they heal, and the workflow ends', async () => {
    gates.slack.set('open');
    gates.teams.set('open');
    await people.untilNotified([3, 3, 3, 3]);
    expect(expectNotified(people, String(escalation.id), moments)).toEqual([0, 0, 0, 0]);
    for (const shown of [people.slack.messages.map(({ text }) => text), people.teams.cards.map((card) => card.shown)]) {
      expect(shown.map((one) => JSON.stringify(one))).toEqual([
        expect.not.stringMatching(/claimed|resolved|approved/i),
        expect.stringMatching(/claimed/i),
        expect.stringMatching(/resolved|approved/i),
      ]);
    }
    expect(people.faults()).toEqual([]);
    const client = await temporal();
    await eventually(
      () => hasEnded(client, String(escalation.workflow.id)),
      (ended) => ended,
    );
  });
});
