import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { startFakeReceiver, type FakeReceiver } from '../support/fake-receiver.js';
import { openTestDatabase, type TestDatabase } from '../support/mongo.js';
import { areAll, createPumpHarness, type PumpHarness, type RunningPump } from './pump-harness.js';

let database: TestDatabase;
let pumps: PumpHarness;
let slow: FakeReceiver;
let quick: FakeReceiver;

beforeAll(async () => {
  database = await openTestDatabase();
  pumps = await createPumpHarness(database);
});

beforeEach(async () => {
  slow = await startFakeReceiver(null);
  quick = await startFakeReceiver(null);
});

afterEach(async () => {
  await pumps.stopAll();
  await Promise.all([slow.close(), quick.close()]);
  await Promise.all([pumps.deliveries.deleteMany({}), pumps.endpoints.deleteMany({})]);
});

afterAll(async () => {
  await pumps.http.close();
  await database.close();
});

/** Longer than a drain waits. */
const longMs = 4_500;
const overAfter = (ms: number) => AbortSignal.timeout(ms);

const untilReceived = (receiver: FakeReceiver, count: number) =>
  eventually(
    () => Promise.resolve(receiver.requests.length),
    (length) => length >= count,
  );

async function publishUntilEnded(pump: RunningPump, publish: () => Promise<unknown>): Promise<void> {
  const pause = () => new Promise<'goes on'>((resolve) => setTimeout(resolve, 100, 'goes on'));
  const ended = pump.ended.then(() => 'ended' as const);
  do await publish();
  while ((await Promise.race([ended, pause()])) === 'goes on');
}

describe('a term whose time is over', () => {
  it('waits for slow receivers to answer, and serves the others meanwhile', async () => {
    const [patient, hasty] = [await pumps.endpoint(slow.url), await pumps.endpoint(quick.url)];
    slow.misbehave({ kind: 'delay', ms: longMs }, 100);
    await pumps.publish([patient], 7);
    const pump = pumps.start({ epoch: 1, over: overAfter(1_500) });
    await untilReceived(slow, 4);
    await publishUntilEnded(pump, () => pumps.publish([hasty]));
    // What had begun has ended, and nothing has begun since.
    expect(slow.requests).toHaveLength(4);
    const soFar = await pumps.deliveriesOf(patient);
    expect(soFar.filter(({ status }) => status === 'succeeded')).toHaveLength(4);
    expect(soFar.filter(({ epoch }) => epoch !== null)).toEqual([]);

    pumps.start({ epoch: 2 });
    const deliveries = await eventually(() => pumps.deliveriesOf(patient), areAll('succeeded'), 30_000);
    expect(slow.requests).toHaveLength(7);
    expect(deliveries.map(({ attempts }) => attempts)).toEqual(Array(7).fill(1));
    await eventually(() => pumps.deliveriesOf(hasty), areAll('succeeded'));
    const times = quick.requests.map(({ at }) => +at);
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(times.length).toBeGreaterThan(15);
    expect(Math.max(...gaps)).toBeLessThan(2_500);
  }, 60_000);

  it('gives an ordered endpoint’s slow receiver each event once, and in order', async () => {
    const endpoint = await pumps.endpoint(slow.url, { ordered: true });
    slow.misbehave({ kind: 'delay', ms: longMs }, 2);
    const ids = await pumps.publish([endpoint], 3);
    const pump = pumps.start({ epoch: 3, over: overAfter(500) });
    await pump.ended;
    pumps.start({ epoch: 4 });
    await eventually(() => pumps.deliveriesOf(endpoint), areAll('succeeded'), 30_000);
    expect(slow.requests.map(({ headers }) => headers['webhook-id'])).toEqual(ids);
  }, 60_000);

  it('ends though a receiver does not answer by its deadline', async () => {
    const endpoint = await pumps.endpoint(slow.url);
    slow.misbehave({ kind: 'hang' });
    await pumps.publish([endpoint]);
    const beganAt = Date.now();
    const pump = pumps.start({ epoch: 5, over: overAfter(1_000) }, { postMs: 250 });
    await untilReceived(slow, 1);
    await pump.ended;
    expect(Date.now() - beganAt).toBeLessThan(8_000);
    expect((await pumps.deliveriesOf(endpoint))[0]).toMatchObject({ status: 'pending', failures: 0, epoch: null });
  });

  it('ends within five seconds when it is told to, whoever is slow', async () => {
    const endpoint = await pumps.endpoint(slow.url);
    slow.misbehave({ kind: 'hang' });
    await pumps.publish([endpoint]);
    const pump = pumps.start({ epoch: 6, over: overAfter(10) });
    await untilReceived(slow, 1);
    expect(await pump.stop()).toBeLessThan(5_500);
  });
});
