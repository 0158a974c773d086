import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { startFakeReceiver, type FakeReceiver } from '../support/fake-receiver.js';
import { openTestDatabase, type TestDatabase } from '../support/mongo.js';
import { areAll, createPumpHarness, type PumpHarness } from './pump-harness.js';

let database: TestDatabase;
let pumps: PumpHarness;

beforeAll(async () => {
  database = await openTestDatabase();
  pumps = await createPumpHarness(database);
});

afterAll(async () => {
  await pumps.stopAll();
  await pumps.http.close();
  await database.close();
});

/** Of the requests, as they came, the ids; repetitions in a row count once. */
const orderOf = (receiver: FakeReceiver) =>
  receiver.requests
    .map(({ headers }) => String(headers['webhook-id']))
    .filter((id, index, all) => id !== all[index - 1]);

describe('an ordered endpoint', () => {
  it('never gets one before the end of the one before, failures in the middle or not', async () => {
    const one = await startFakeReceiver(null);
    const endpoint = await pumps.endpoint(one.url, { ordered: true });
    const early = await pumps.publish([endpoint], 30);
    pumps.start({ epoch: 1 });
    await eventually(
      () => Promise.resolve(one.requests.length),
      (count) => count >= 5,
    );
    one.misbehave({ kind: 'status', status: 500 }, 2);
    const late = [...(await pumps.publish([endpoint], 30)), ...(await pumps.publish([endpoint], 30))];
    await eventually(
      () => Promise.resolve(one.messages.length),
      (count) => count >= 45,
    );
    one.misbehave({ kind: 'reset' });
    await eventually(() => pumps.deliveriesOf(endpoint), areAll('succeeded'));
    expect(orderOf(one)).toEqual([...early, ...late]);
    expect(one.requests).toHaveLength(93);
    await pumps.stopAll();
    await one.close();
  });

  it('waits behind one that is parked, and goes on when that one was cancelled', async () => {
    const one = await startFakeReceiver(null);
    const endpoint = await pumps.endpoint(one.url, { ordered: true });
    const [first = ''] = await pumps.publish([endpoint], 1, { change: { status: 'parked', next_attempt_at: null } });
    const later = await pumps.publish([endpoint], 3);
    pumps.start({ epoch: 2 });
    await eventually(
      () => pumps.deliveriesOf(endpoint),
      (all) => all.slice(1).every(({ next_attempt_at }) => Number(next_attempt_at) > Date.now()),
    );
    expect(one.requests).toHaveLength(0);
    const cancelled = { status: 'cancelled', settled_at: new Date() } as const;
    await pumps.deliveries.updateOne({ event_id: first }, { $set: cancelled });
    await eventually(() => pumps.deliveriesOf(endpoint), areAll('cancelled', 'succeeded'));
    expect(orderOf(one)).toEqual(later);
    await pumps.stopAll();
    await one.close();
  });

  it('does not wait for a minute when the pump that deferred the rest is gone', async () => {
    const one = await startFakeReceiver(null);
    const endpoint = await pumps.endpoint(one.url, { ordered: true });
    const [first = '', ...later] = await pumps.publish([endpoint], 4);
    await pumps.deliveries.updateOne({ event_id: first }, { $set: { status: 'parked', next_attempt_at: null } });
    pumps.start({ epoch: 20 });
    await eventually(
      () => pumps.deliveriesOf(endpoint),
      (all) => all.slice(1).every(({ next_attempt_at }) => Number(next_attempt_at) > Date.now() + 30_000),
    );
    await pumps.stopAll();
    const cancelled = { status: 'cancelled', settled_at: new Date() } as const;
    await pumps.deliveries.updateOne({ event_id: first }, { $set: cancelled });
    pumps.start({ epoch: 21 });
    await eventually(() => pumps.deliveriesOf(endpoint), areAll('cancelled', 'succeeded'));
    expect(orderOf(one)).toEqual(later);
    await pumps.stopAll();
    await one.close();
  });

  it('waits behind one whose event may still come', async () => {
    const one = await startFakeReceiver(null);
    const endpoint = await pumps.endpoint(one.url, { ordered: true });
    const [first = ''] = await pumps.publish([endpoint], 1, { withEvents: false });
    const later = await pumps.publish([endpoint], 3);
    pumps.start({ epoch: 3 });
    await eventually(
      () => pumps.deliveriesOf(endpoint),
      (all) => all.slice(1).every(({ next_attempt_at }) => Number(next_attempt_at) > Date.now()),
    );
    expect(one.requests).toHaveLength(0);
    await pumps.accept([first]);
    await eventually(() => pumps.deliveriesOf(endpoint), areAll('succeeded'));
    expect(orderOf(one)).toEqual([first, ...later]);
    await pumps.stopAll();
    await one.close();
  });
});
