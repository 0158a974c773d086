import { afterAll, beforeAll, expect, it } from 'vitest';
import { trusted } from '../../src/db/schema-options.js';
import { newId } from '../../src/lib/ids.js';
import { createRecover } from '../../src/webhooks/deliveries/recover.js';
import { createEndpointStore } from '../../src/webhooks/endpoints/store.js';
import {
  deliveriesOnce,
  faultsOf,
  retentionDays,
  startDeliveriesApp,
  type DeliveriesApp,
  type DeliverySetup,
} from './webhook-deliveries-harness.js';

let app: DeliveriesApp;
beforeAll(async () => {
  app = await startDeliveriesApp();
  app.startPump();
});
afterAll(() => app.close());

const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
const minute = 60_000;
const day = 86_400_000;
const recover = (setup: DeliverySetup, at: string, since = ago(minute)) => setup.key.post(`${at}/recover`, { since });

it('brings what came while it was disabled, of its types and its org, once', async () => {
  const setup = await app.newSetup();
  const stranger = await app.newSetup();
  const before = await setup.publish(2);
  const { at } = await setup.make({ events: ['event.created', 'config.deployed'] });
  const got = await setup.publish(1);
  await deliveriesOnce(setup, at, ([one]) => one?.status === 'succeeded');
  await setup.key.patch(at, { enabled: false });
  const missed = [...(await setup.publish(3)), ...(await setup.publish(2, 'config.deployed'))];
  await setup.publish(1, 'export.completed');
  await stranger.publish(2);
  await setup.key.patch(at, { enabled: true });

  const { status, body } = await recover(setup, at);
  expect([status, body]).toEqual([202, { count: 5 }]);
  const found = await deliveriesOnce(
    setup,
    at,
    (all) => all.length === 6 && all.every((one) => one.status === 'succeeded'),
  );
  expect(found.map(({ event_id }) => event_id)).toEqual([...got, ...missed].sort().reverse());
  expect(found.some(({ event_id }) => before.includes(event_id))).toBe(false);
  const brought = found.filter(({ event_id }) => missed.includes(event_id));
  expect(brought.map(({ attempts }) => attempts.map(({ trigger }) => trigger))).toEqual(missed.map(() => ['recovery']));
  expect((await recover(setup, at)).body).toEqual({ count: 0 });
  expect(setup.receiver.requests).toHaveLength(6);
});

it('sends again what failed since then, with its schedule from the beginning, and nothing else', async () => {
  const setup = await app.newSetup();
  const { at, id } = await setup.make();
  const events = await setup.publish(4);
  const [first, ...rest] = await deliveriesOnce(
    setup,
    at,
    (all) => all.length === 4 && all.every(({ status }) => status === 'succeeded'),
  );
  const failed = { status: 'failed', failures: 10 } as const;
  await app.deliveries.updateMany(
    { endpoint_id: id, event_id: trusted({ $in: events.slice(0, 3) }) },
    { $set: failed },
  );
  const others = await Promise.all(
    (['cancelled', 'parked', 'succeeded'] as const).map((status) => setup.insert(id, { status })),
  );
  const old = await setup.insert(id, { status: 'failed' }, new Date(Date.now() - 2 * day));
  expect((await recover(setup, at)).body).toEqual({ count: 3 });
  const again = await deliveriesOnce(
    setup,
    at,
    (all) => all.filter(({ attempts }) => attempts.length === 2).length === 3,
  );
  expect(again.filter(({ attempts }) => attempts.length === 2).map(({ id: one }) => one)).toEqual(
    rest.map((one) => one.id),
  );
  expect(rest).toHaveLength(3);
  const stored = await app.deliveries.find({ _id: trusted({ $in: [...others, old].map(({ _id }) => _id) }) }).lean();
  expect(stored.map(({ status }) => status).sort()).toEqual(['cancelled', 'failed', 'parked', 'succeeded']);
  expect((await setup.key.get(`${at}/deliveries/${String(first?.id)}`)).body.attempts).toHaveLength(1);
  expect(
    (await app.deliveries.find({ endpoint_id: id, status: 'succeeded', attempts: 2 }).lean()).every(
      (one) => one.failures === 0,
    ),
  ).toBe(true);
});

it('brings all of it in small batches as in one, however it is spread over time', async () => {
  const setup = await app.newSetup();
  const { id } = await setup.make({ enabled: false });
  const week = new Date(Date.now() - 7 * day);
  await app.endpoints.updateOne({ _id: id }, { $set: { created_at: week } });
  const at = (n: number) => new Date(Date.now() - (n < 40 ? 3 * day : n * 3_600_000));
  const evented = await setup.publish(60);
  const docs = await app.events.find({ _id: trusted({ $in: evented }) }).lean();
  await app.events.deleteMany({ _id: trusted({ $in: evented }) });
  const spread = docs.map((doc, n) => {
    const _id = newId('evt', at(n).getTime());
    return { ...doc, _id, dedupe_key: _id, created_at: at(n) };
  });
  await app.events.insertMany(spread, { lean: true });
  for (let n = 0; n < 25; n++) await setup.insert(id, { status: 'failed' }, at(n));
  await app.endpoints.updateOne({ _id: id }, { $set: { enabled: true, url: 'http://127.0.0.1:1/' } });
  const endpoints = createEndpointStore({ endpoints: app.endpoints });
  const batched = createRecover({ endpoints, events: app.events, deliveries: app.deliveries, retentionDays, max: 7 });
  // Both at once, as two people may: nothing is made twice.
  const since = new Date(week.getTime() - day);
  const counts = await Promise.all([batched(setup.org, id, { since }), batched(setup.org, id, { since })]);
  expect(counts.reduce((a, b) => a + b)).toBe(85);
  expect(await app.deliveries.countDocuments({ endpoint_id: id })).toBe(85);
  expect(await app.deliveries.countDocuments({ endpoint_id: id, status: 'failed' })).toBe(0);
  const bySpread = await app.deliveries
    .find({ endpoint_id: id, event_id: trusted({ $in: spread.map(({ _id }) => _id) }) })
    .lean();
  expect(bySpread).toHaveLength(60);
});

it('refuses a disabled endpoint, a time past retention, and none at all', async () => {
  const setup = await app.newSetup();
  const { at } = await setup.make({ enabled: false });
  const disabled = await recover(setup, at);
  expect([disabled.status, disabled.body.code]).toEqual([409, 'endpoint_disabled']);
  for (const body of [{}, { since: 'monday' }, { since: ago((retentionDays + 1) * day) }]) {
    const answer = await setup.key.post(`${at}/recover`, body);
    expect([answer.status, faultsOf(answer)]).toEqual([422, ['since']]);
  }
  await setup.key.patch(at, { enabled: true });
  // Whoever asks for all of retention asks a moment late.
  expect((await recover(setup, at, ago(retentionDays * day + minute))).status).toBe(202);
});

it('brings what was still to be sent when people disabled it: that fails when it comes due, and says why', async () => {
  const setup = await app.newSetup();
  const { at, id } = await setup.make();
  setup.receiver.misbehave({ kind: 'status', status: 500 });
  await setup.publish();
  await deliveriesOnce(setup, at, ([one]) => one?.status === 'retrying');
  await setup.key.patch(at, { enabled: false });
  await app.deliveries.updateOne({ endpoint_id: id }, { $set: { next_attempt_at: new Date() } });
  const [unsent] = await deliveriesOnce(setup, at, ([one]) => one?.status === 'failed');
  expect(unsent?.attempts[1]).toMatchObject({
    response_code: null,
    error: expect.stringContaining('disabled') as string,
  });
  await setup.key.patch(at, { enabled: true });
  expect((await recover(setup, at)).body).toEqual({ count: 1 });
  const [sent] = await deliveriesOnce(setup, at, ([one]) => one?.status === 'succeeded');
  expect(sent?.attempts.map(({ trigger }) => trigger)).toEqual(['automatic', 'automatic', 'recovery']);
  expect(setup.receiver.requests).toHaveLength(2);
});

it('attempts now what waits for its next attempt, when that is asked for, but nothing that is being attempted', async () => {
  const setup = await app.newSetup();
  const { at, id } = await setup.make();
  const inAnHour = new Date(Date.now() + 60 * minute);
  setup.receiver.misbehave({ kind: 'status', status: 500 });
  await setup.publish();
  const [due] = await deliveriesOnce(setup, at, ([one]) => one?.status === 'retrying');
  await app.deliveries.updateOne({ endpoint_id: id }, { $set: { next_attempt_at: inAnHour } });
  const claimed = await setup.insert(id, { status: 'retrying', next_attempt_at: inAnHour, epoch: 1_000_000 });
  expect((await recover(setup, at)).body).toEqual({ count: 0 });
  expect((await setup.key.post(`${at}/recover`, { since: ago(minute), retrying: true })).body).toEqual({ count: 1 });
  const found = await deliveriesOnce(setup, at, (all) => all.some(({ status }) => status === 'succeeded'));
  const byId = new Map(found.map((one) => [one.id, one]));
  const sent = byId.get(String(due?.id));
  expect(sent?.attempts.map(({ trigger }) => trigger)).toEqual(['automatic', 'recovery']);
  const { epoch, next_attempt_at } = (await app.deliveries.findById(claimed._id).lean()) ?? {};
  expect({ epoch, next_attempt_at }).toEqual({ epoch: 1_000_000, next_attempt_at: inAnHour });
});

it('keeps an ordered endpoint’s order when it brings what was missed', async () => {
  const setup = await app.newSetup();
  const { at } = await setup.make({ ordered: true });
  await setup.key.patch(at, { enabled: false });
  const missed = await setup.publish(12);
  await setup.key.patch(at, { enabled: true });
  expect((await recover(setup, at)).body).toEqual({ count: 12 });
  await deliveriesOnce(setup, at, (all) => all.length === 12 && all.every(({ status }) => status === 'succeeded'));
  expect(setup.receiver.messages.map(({ id }) => id)).toEqual(missed);
});
