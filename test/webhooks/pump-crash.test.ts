import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { startFakeReceiver, type FakeReceiver } from '../support/fake-receiver.js';
import { openTestDatabase, type TestDatabase } from '../support/mongo.js';
import { areAll, createPumpHarness, type PumpHarness } from './pump-harness.js';

let database: TestDatabase;
let pumps: PumpHarness;
let one: FakeReceiver;

beforeAll(async () => {
  database = await openTestDatabase();
  pumps = await createPumpHarness(database);
  one = await startFakeReceiver(null);
});

afterEach(async () => {
  await pumps.stopAll();
  one.requests.length = 0;
  one.messages.length = 0;
});

afterAll(async () => {
  await Promise.all([one.close(), pumps.http.close()]);
  await database.close();
});

const idsOf = (receiver: FakeReceiver) => receiver.requests.map(({ headers }) => headers['webhook-id']);

describe('a pump that ends', () => {
  it('finishes what is in flight, gives back the rest, and is gone within five seconds', async () => {
    const endpoint = await pumps.endpoint(one.url);
    one.misbehave({ kind: 'delay', ms: 700 }, 4);
    await pumps.publish([endpoint], 100);
    const pump = pumps.start({ epoch: 1 });
    await eventually(
      () => Promise.resolve(one.requests.length),
      (count) => count >= 4,
    );
    expect(await pump.stop()).toBeLessThan(5_500);
    const deliveries = await pumps.deliveriesOf(endpoint);
    expect(deliveries.filter(({ epoch }) => epoch !== null)).toEqual([]);
    const done = deliveries.filter(({ status }) => status === 'succeeded').length;
    expect(done).toBe(one.requests.length);
    pumps.start({ epoch: 2 });
    await eventually(() => pumps.deliveriesOf(endpoint), areAll('succeeded'));
    expect(one.requests).toHaveLength(100);
  });

  it('stops posts that take too long, which leaves their place in the schedule', async () => {
    const endpoint = await pumps.endpoint(one.url);
    one.misbehave({ kind: 'hang' });
    const [id] = await pumps.publish([endpoint]);
    const pump = pumps.start({ epoch: 3 });
    await eventually(
      () => Promise.resolve(one.requests.length),
      (count) => count === 1,
    );
    expect(await pump.stop()).toBeLessThan(5_500);
    const [delivery] = await pumps.deliveriesOf(endpoint);
    expect(delivery).toMatchObject({ status: 'pending', attempts: 1, failures: 0, epoch: null });
    pumps.start({ epoch: 4 });
    await eventually(() => pumps.deliveriesOf(endpoint), areAll('succeeded'));
    expect(idsOf(one)).toEqual([id, id]);
    expect(await pumps.attemptsOf(delivery?._id ?? '')).toHaveLength(2);
  });

  it('between post and outcome has it sent again by the next, with the same id', async () => {
    const endpoint = await pumps.endpoint(one.url);
    const [id] = await pumps.publish([endpoint]);
    // What it would write never arrives, as if it had been killed.
    const attempts = Object.create(pumps.attempts) as typeof pumps.attempts;
    attempts.insertMany = () => Promise.reject(new Error('killed')) as never;
    const dead = pumps.start({ epoch: 5 }, { attempts });
    await eventually(
      () => Promise.resolve(one.requests.length),
      (count) => count === 1,
    );
    await dead.stop();
    expect((await pumps.deliveriesOf(endpoint))[0]).toMatchObject({ status: 'pending', epoch: 5 });
    pumps.start({ epoch: 6 });
    const [delivery] = await eventually(() => pumps.deliveriesOf(endpoint), areAll('succeeded'));
    expect(idsOf(one)).toEqual([id, id]);
    expect(delivery).toMatchObject({ attempts: 1 });
  });

  it('leaves claims that are void in time', async () => {
    const endpoint = await pumps.endpoint(one.url);
    pumps.start({ epoch: 8 });
    // It is past its start, at which it takes back what others had.
    const [early] = await pumps.publish([endpoint]);
    await eventually(() => pumps.deliveriesOf(endpoint), areAll('succeeded'));
    const change = { epoch: 7, next_attempt_at: new Date(Date.now() + 800) };
    await pumps.publish([endpoint], 3, { change });
    await eventually(() => pumps.deliveriesOf(endpoint), areAll('succeeded'));
    const later = one.requests.filter(({ headers }) => headers['webhook-id'] !== early);
    expect(later).toHaveLength(3);
    expect(later.every(({ at }) => +at >= +change.next_attempt_at)).toBe(true);
  });
});

describe('two pumps at once', () => {
  it('the outcomes of the older do not count, and each try is on record once', async () => {
    const endpoint = await pumps.endpoint(one.url);
    one.misbehave({ kind: 'delay', ms: 1_500 });
    await pumps.publish([endpoint]);
    pumps.start({ epoch: 10 });
    await eventually(
      () => Promise.resolve(one.requests.length),
      (count) => count === 1,
    );
    one.misbehave({ kind: 'status', status: 500 });
    pumps.start({ epoch: 11 }, { retryDelaysMs: [60_000] });
    const [delivery] = await eventually(() => pumps.deliveriesOf(endpoint), areAll('retrying'));
    await eventually(
      () => pumps.attemptsOf(delivery?._id ?? ''),
      (attempts) => attempts.length >= 1,
    );
    await eventually(
      () => Promise.resolve(pumps.tries.filter(({ endpointId }) => endpointId === endpoint._id)),
      (tries) => tries.length === 2,
    );
    await pumps.stopAll();
    expect((await pumps.deliveriesOf(endpoint))[0]).toMatchObject({ status: 'retrying', attempts: 1, failures: 1 });
    expect((await pumps.attemptsOf(delivery?._id ?? '')).map(({ response_code }) => response_code)).toEqual([500]);
  });

  it('send nothing and claim nothing without a lease', async () => {
    const endpoint = await pumps.endpoint(one.url);
    let holds = false;
    const pump = pumps.start({ epoch: 20, holdsLease: () => holds });
    await pumps.publish([endpoint], 5);
    await eventually(
      () => Promise.resolve(pump.beats),
      (beats) => beats >= 2,
    );
    expect(one.requests).toHaveLength(0);
    expect((await pumps.deliveriesOf(endpoint)).every(({ epoch }) => epoch === null)).toBe(true);
    holds = true;
    await eventually(() => pumps.deliveriesOf(endpoint), areAll('succeeded'));
  });
});
