import { afterAll, beforeAll, expect, it } from 'vitest';
import { escalationSchema } from '../../src/escalations/schema.js';
import { eventTypes, type EventType } from '../../src/events/types.js';
import { startFakeReceiver } from '../support/fake-receiver.js';
import { deliveriesOf, faultsOf, publicUrl, startDeliveriesApp } from './webhook-deliveries-harness.js';
import type { DeliveriesApp, DeliverySetup } from './webhook-deliveries-harness.js';

let app: DeliveriesApp;
let setup: DeliverySetup;
beforeAll(async () => {
  app = await startDeliveriesApp();
  setup = await app.newSetup();
});
afterAll(() => app.close());

it('sends the first type that the endpoint wants, signed and marked, and keeps it on record', async () => {
  const { at, id, secret } = await setup.make({ events: ['config.deployed', 'event.created'] });
  const receiver = await startFakeReceiver(secret);
  try {
    await setup.key.patch(at, { url: receiver.url });
    const { status, body } = await setup.key.post(`${at}/test`);
    expect([status, receiver.faults, receiver.messages.length]).toEqual([200, [], 1]);
    expect(body).toEqual({
      delivery_id: expect.stringMatching(/^dlv_/) as string,
      succeeded: true,
      response_code: 204,
      duration_ms: expect.any(Number) as number,
      response_body: '',
      error: null,
    });
    const [sent] = receiver.requests;
    expect(sent?.headers['x-keeptrusts-delivery']).toBe(body.delivery_id);
    expect(sent?.json).toMatchObject({ test: true, type: 'config.deployed', org_id: setup.org });
    const shown = await setup.key.get(`${at}/deliveries/${String(body.delivery_id)}`);
    expect(shown.body).toMatchObject({
      event_id: sent?.headers['webhook-id'],
      status: 'succeeded',
      next_attempt_at: null,
      attempts: [{ number: 1, trigger: 'test', response_code: 204, error: null }],
    });
    expect(shown.body.payload).toEqual(sent?.json);
    expect(deliveriesOf(await setup.key.get(`${at}/deliveries`))).toHaveLength(1);
    // Nothing has happened: no event is on record, and nobody else gets it.
    expect(await app.events.countDocuments({ org_id: setup.org })).toBe(0);
    expect(await app.deliveries.countDocuments({ endpoint_id: id })).toBe(1);
  } finally {
    await receiver.close();
  }
});

const required: Partial<Record<EventType, string[]>> = {
  'event.created': ['gateway', 'actor', 'reason', 'context'],
  'export.completed': ['export_id', 'format', 'rows'],
  'gateway.health_changed': ['gateway', 'from', 'to'],
  'budget.threshold_reached': ['wallet_id', 'threshold_percent', 'spent', 'limit', 'currency', 'period'],
  'config.deployed': ['config_id', 'version', 'gateway', 'deployed_by'],
};
const escalationData = escalationSchema
  .omit({ notes: true })
  .extend({ mapped_severity: escalationSchema.shape.severity });

it.each(eventTypes)('sends an example of %s that holds what the contract says', async (type) => {
  const { at } = await setup.make({ events: [...eventTypes] });
  const { body } = await setup.key.post(`${at}/test`, { type });
  expect(body.succeeded).toBe(true);
  const sent = setup.receiver.requests.at(-1);
  expect([sent?.faults, sent?.headers['x-keeptrusts-event']]).toEqual([[], type]);
  const { data, ...envelope } = sent?.json as { data: Record<string, unknown> };
  expect(envelope).toEqual({
    ...{ test: true, type, org_id: setup.org, id: sent?.headers['webhook-id'] },
    timestamp: expect.stringMatching(/Z$/) as string,
  });
  if (type === 'escalation.created' || type === 'escalation.resolved') {
    expect(escalationData.safeParse(data).error).toBeUndefined();
    expect(data.status).toBe(type === 'escalation.created' ? 'open' : 'resolved');
    expect(data.review_url).toContain(publicUrl);
  } else {
    for (const field of required[type] ?? [type]) expect(data).toHaveProperty(field);
  }
});

it('tells what the receiver said, whatever that is, and does nothing further', async () => {
  const { at, id } = await setup.make();
  const before = setup.receiver.requests.length;
  setup.receiver.misbehave({ kind: 'status', status: 410, body: { gone: true } });
  const gone = await setup.key.post(`${at}/test`);
  expect([gone.status, gone.body]).toMatchObject([
    200,
    {
      succeeded: false,
      response_code: 410,
      response_body: '{"gone":true}',
      error: expect.stringContaining('410') as string,
    },
  ]);
  setup.receiver.misbehave({ kind: 'hang' });
  const hung = await setup.key.post(`${at}/test`);
  expect([hung.status, hung.body]).toMatchObject([200, { succeeded: false, response_code: null, response_body: '' }]);
  expect(hung.body.error).toEqual(expect.any(String));
  setup.receiver.misbehave({ kind: 'redirect', location: setup.receiver.url });
  expect((await setup.key.post(`${at}/test`)).body).toMatchObject({ succeeded: false, response_code: 302 });
  const found = await app.deliveries.find({ endpoint_id: id }).lean();
  expect(found.map(({ status, next_attempt_at, epoch }) => [status, next_attempt_at, epoch])).toEqual(
    Array.from({ length: 3 }, () => ['failed', null, null]),
  );
  expect((await setup.key.get(at)).body).toMatchObject({ enabled: true, health: { status: 'new' } });
  expect(setup.receiver.requests).toHaveLength(before + 3);
});

it('reaches a disabled endpoint, and never an address that is not allowed', async () => {
  const disabled = await setup.make({ enabled: false });
  expect((await setup.key.post(`${disabled.at}/test`)).body.succeeded).toBe(true);
  const inner = await setup.make({ url: 'http://10.1.2.3/hook' });
  const { status, body } = await setup.key.post(`${inner.at}/test`);
  expect([status, body.succeeded, body.response_code]).toEqual([200, false, null]);
  expect(JSON.stringify(body)).not.toContain('10.1.2.3');
});

it('refuses a type that the endpoint does not want, and one that there is not', async () => {
  const { at, id } = await setup.make();
  for (const type of ['config.deployed', 'nothing']) {
    const answer = await setup.key.post(`${at}/test`, { type });
    expect([answer.status, faultsOf(answer)]).toEqual([422, ['type']]);
  }
  expect(await app.deliveries.countDocuments({ endpoint_id: id })).toBe(0);
});

it('sends a test again as a test, at once, and counts it', async () => {
  const { at, id } = await setup.make();
  setup.receiver.misbehave({ kind: 'status', status: 503 });
  const { body } = await setup.key.post(`${at}/test`);
  const item = `${at}/deliveries/${String(body.delivery_id)}`;
  const again = await setup.key.post(`${item}/resend`);
  expect(again.status).toBe(200);
  expect(again.body).toMatchObject({
    status: 'succeeded',
    attempts: [
      { number: 1, trigger: 'test', response_code: 503 },
      { number: 2, trigger: 'manual', response_code: 204 },
    ],
  });
  const [first, second] = setup.receiver.requests.slice(-2);
  expect(second?.rawBody.toString()).toBe(first?.rawBody.toString());
  expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
  setup.receiver.misbehave({ kind: 'status', status: 500 });
  expect((await setup.key.post(`${item}/resend`)).body).toMatchObject({ status: 'failed', attempts: { length: 3 } });
  expect((await app.deliveries.findOne({ endpoint_id: id }).lean())?.attempts).toBe(3);
  // Nobody has missed it.
  const since = new Date(Date.now() - 60_000).toISOString();
  expect((await setup.key.post(`${at}/recover`, { since })).body).toEqual({ count: 0 });
  expect((await setup.key.post(`${item}/cancel`)).body.code).toBe('already_settled');
});

it('sends nothing unsigned: 503 while the key of its secret is missing', async () => {
  const { at, id } = await setup.make();
  const before = setup.receiver.requests.length;
  await app.endpoints.updateOne({ _id: id }, { $set: { 'secrets.0.sealed': 'v1.gone.AAAA.AAAA' } });
  const { status, body } = await setup.key.post(`${at}/test`);
  expect([status, body.code, setup.receiver.requests.length]).toEqual([503, 'secret_unavailable', before]);
  expect(await app.deliveries.countDocuments({ endpoint_id: id })).toBe(0);
});

it('takes ten a minute for each endpoint', async () => {
  const [one, other] = [await setup.make(), await setup.make()];
  const statuses: number[] = [];
  for (let n = 0; n < 11; n++) statuses.push((await setup.key.post(`${one.at}/test`)).status);
  expect(statuses).toEqual([...Array.from({ length: 10 }, () => 200), 429]);
  const refused = await setup.key.post(`${one.at}/test`);
  expect([refused.body.code, Number(refused.headers.get('retry-after')) > 0]).toEqual(['rate_limited', true]);
  expect((await setup.key.post(`${other.at}/test`)).status).toBe(200);
  expect(await app.deliveries.countDocuments({ endpoint_id: one.id })).toBe(10);
});

it('is one delivery when its call is repeated', async () => {
  const { at, id } = await setup.make();
  const key = { 'Idempotency-Key': 'test-once' };
  const [first, second] = [await setup.key.post(`${at}/test`, {}, key), await setup.key.post(`${at}/test`, {}, key)];
  expect(second.body).toEqual(first.body);
  // As if the process had died between its work and its answer.
  const died = { state: 'running', answer: null, lease_until: new Date(0) };
  await app.connection.collection('idempotency_records').updateMany({}, { $set: died });
  const third = await setup.key.post(`${at}/test`, {}, key);
  expect(third.body.delivery_id).toBe(first.body.delivery_id);
  expect(await app.deliveries.countDocuments({ endpoint_id: id })).toBe(1);
  expect(await app.attempts.countDocuments({ delivery_id: first.body.delivery_id as string })).toBe(2);
  const [sent, repeated] = setup.receiver.requests.slice(-2);
  expect(repeated?.rawBody.toString()).toBe(sent?.rawBody.toString());
});
