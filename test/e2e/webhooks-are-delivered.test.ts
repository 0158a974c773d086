import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeOrg } from '../support/factories.js';
import { eventually } from '../support/eventually.js';
import { FakeReceiver } from '../support/fake-receiver.js';
import { dataOf } from '../support/http.js';
import { openProduct, type RunningApi, type Product } from '../support/product.js';

let product: Product;
let api: RunningApi;
let org: { id: string; path: string };
const receivers: FakeReceiver[] = [];
const types = [
  'event.created',
  'export.completed',
  'gateway.health_changed',
  'budget.threshold_reached',
  'config.deployed',
];

beforeAll(async () => {
  product = openProduct({ env: { EGRESS_ALLOW: '127.0.0.0/8', DELIVERY_RETRY_SCHEDULE: '1s,1s,1s' } });
  [api] = await Promise.all([product.startApi(), product.startWorker()]);
  org = await makeOrg(api.admin);
});
afterAll(async () => {
  await product.close();
  await Promise.all(receivers.map((receiver) => receiver.close()));
});

/** A receiver, and the endpoint that is told of these events. */
async function subscribe(events: string[], more: object = {}) {
  const receiver = await new FakeReceiver(null, null).up();
  receivers.push(receiver);
  const made = await api.admin.post(`${org.path}/webhooks`, { url: receiver.url, events, ...more });
  expect(made.status).toBe(201);
  const secret = String(made.body.secret);
  receiver.trust(secret);
  return { receiver, id: String(made.body.id), path: `${org.path}/webhooks/${made.body.id}`, secret };
}

const untilReceived = (receiver: FakeReceiver, count: number) =>
  eventually(
    () => Promise.resolve(receiver.messages.length),
    (received) => received >= count,
  );

describe('an endpoint', () => {
  it('gets each event that it asked for once, signed, and none else', async () => {
    const { receiver, path } = await subscribe(['event.created', 'config.deployed']);
    const sent = await api.admin.post(`${org.path}/events`, {
      events: types.map((type, n) => ({ type, id: `s-${n}`, data: { n, $odd: { 'a.b': [1] } } })),
    });
    expect(sent.status).toBe(202);
    await untilReceived(receiver, 2);
    const ids = (sent.body.events as { id: string }[]).map(({ id }) => id);
    expect(receiver.messages.map(({ id, type }) => [id, type]).sort()).toEqual(
      [
        [ids[0], 'event.created'],
        [ids[4], 'config.deployed'],
      ].sort(),
    );
    expect(receiver.messages.find(({ type }) => type === 'config.deployed')?.data).toEqual({
      n: 4,
      $odd: { 'a.b': [1] },
    });
    expect(receiver.faults).toEqual([]);
    const deliveries = await eventually(
      async () => dataOf(await api.admin.get(`${path}/deliveries`)),
      (all) => all.length === 2 && all.every(({ status }) => status === 'succeeded'),
    );
    expect(deliveries[0]?.attempts).toMatchObject([
      { number: 1, trigger: 'automatic', response_code: 204, error: null },
    ]);
  });

  it('that fails, then heals, gets the same event again on schedule, each try on record', async () => {
    const { receiver, path } = await subscribe(['export.completed']);
    receiver.misbehave({ kind: 'status', status: 503, body: 'busy' }, 2);
    await api.admin.post(`${org.path}/events`, { type: 'export.completed', data: {} });
    await untilReceived(receiver, 1);
    const [delivery] = await eventually(
      async () => dataOf(await api.admin.get(`${path}/deliveries`)),
      ([one]) => one?.status === 'succeeded',
    );
    expect(delivery?.attempts).toMatchObject([
      { number: 1, response_code: 503, response_body: 'busy' },
      { number: 2, response_code: 503 },
      { number: 3, response_code: 204 },
    ]);
    const ids = receiver.requests.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(1);
    expect(receiver.faults).toEqual([]);
  });

  it('hears of escalations, with the review link, and tells of a test at once', async () => {
    const { receiver, path } = await subscribe(['escalation.created', 'escalation.resolved']);
    const made = await api.admin.post(`${org.path}/escalations`, { title: 'By hand', severity: 'high' });
    await api.admin.post(`${org.path}/escalations/${made.body.id}/claim`);
    await api.admin.post(`${org.path}/escalations/${made.body.id}/resolve`, { resolution: 'denied' });
    await untilReceived(receiver, 2);
    expect(receiver.messages.map(({ type }) => type).sort()).toEqual(['escalation.created', 'escalation.resolved']);
    expect(receiver.messages[0]?.data).toMatchObject({ id: made.body.id, review_url: made.body.review_url });
    const tested = await api.admin.post(`${path}/test`);
    expect(tested).toMatchObject({ status: 200, body: { succeeded: true, response_code: 204 } });
    expect(receiver.requests.at(-1)?.json).toMatchObject({ test: true, type: 'escalation.created' });
    expect(receiver.faults).toEqual([]);
  });

  it('is signed with both secrets while a rotation overlaps', async () => {
    const { receiver, path, secret } = await subscribe(['gateway.health_changed']);
    const rotated = await api.admin.post(`${path}/rotate-secret`);
    expect(rotated.body.secret).not.toBe(secret);
    await api.admin.post(`${org.path}/events`, { type: 'gateway.health_changed', data: {} });
    // The receiver knows the former secret only.
    await eventually(
      () => Promise.resolve(receiver.requests.length),
      (count) => count >= 1,
    );
    const { headers } = receiver.requests[0] ?? {};
    expect(String(headers?.['webhook-signature']).split(' ')).toHaveLength(2);
    expect(headers?.['x-keeptrusts-signature-previous']).toMatch(/^sha256=/);
  });
});
