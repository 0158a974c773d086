import { createServer, type AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { trusted } from '../../src/db/schema-options.js';
import { generateSecret } from '../../src/webhooks/endpoints/secrets.js';
import { eventually } from '../support/eventually.js';
import { startFakeReceiver, type FakeReceiver } from '../support/fake-receiver.js';
import { openTestDatabase, type TestDatabase } from '../support/mongo.js';
import { areAll, createPumpHarness, pumpTimings, type PumpHarness } from './pump-harness.js';

let database: TestDatabase;
let pumps: PumpHarness;
let receivers: FakeReceiver[] = [];

const receiver = async (secret: string | null = null) => {
  const one = await startFakeReceiver(secret);
  receivers.push(one);
  return one;
};

beforeAll(async () => {
  database = await openTestDatabase();
  pumps = await createPumpHarness(database);
});

afterEach(async () => {
  await pumps.stopAll();
  await Promise.all(receivers.map((one) => one.close()));
  receivers = [];
  await Promise.all([pumps.deliveries.deleteMany({}), pumps.endpoints.deleteMany({})]);
});

afterAll(async () => {
  await pumps.http.close();
  await database.close();
});

describe('the pump', () => {
  it('brings each event to each endpoint, signed with its own secret', async () => {
    const secrets = Array.from({ length: 12 }, () => generateSecret());
    const each = await Promise.all(secrets.map((secret) => receiver(secret)));
    const endpoints = await Promise.all(each.map((one, index) => pumps.endpoint(one.url, {}, secrets[index])));
    pumps.start({ epoch: 1 });
    const ids = await pumps.publish(endpoints, 20);
    for (const [index, endpoint] of endpoints.entries()) {
      await eventually(() => pumps.deliveriesOf(endpoint), areAll('succeeded'));
      const got = each[index];
      expect(got?.faults).toEqual([]);
      expect(got?.messages.map(({ id }) => id).sort()).toEqual(ids);
      expect(got?.requests).toHaveLength(20);
    }
    const [delivery] = endpoints[0] ? await pumps.deliveriesOf(endpoints[0]) : [];
    expect(delivery).toMatchObject({ attempts: 1, failures: 0, epoch: null, next_attempt_at: null });
    expect(delivery?.settled_at).toBeInstanceOf(Date);
    expect(pumps.tries.filter(({ ok }) => ok).length).toBeGreaterThanOrEqual(240);
  });

  it('tries again on schedule with the same id, and puts every try on record', async () => {
    const one = await receiver();
    one.misbehave({ kind: 'status', status: 503, body: { why: 'x'.repeat(9_000) } });
    one.misbehave({ kind: 'reset' });
    const endpoint = await pumps.endpoint(one.url);
    pumps.start({ epoch: 1 });
    const [id] = await pumps.publish([endpoint]);
    const [delivery] = await eventually(() => pumps.deliveriesOf(endpoint), areAll('succeeded'));
    expect(delivery).toMatchObject({ attempts: 3, failures: 2 });
    const attempts = await pumps.attemptsOf(delivery?._id ?? '');
    expect(attempts.map((attempt) => [attempt.number, attempt.response_code, attempt.error])).toEqual([
      [1, 503, 'The receiver answered 503.'],
      [2, null, expect.stringContaining('The connection failed')],
      [3, 204, null],
    ]);
    expect(attempts[0]?.response_body).toHaveLength(4_096);
    expect(attempts[0]?.response_body).toMatch(/^\{"why":"xxx/);
    expect(new Set(one.requests.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([id]));
    const gaps = attempts.slice(1).map(({ at }, index) => +at - +(attempts[index]?.at ?? 0));
    expect(gaps[0]).toBeGreaterThanOrEqual(160);
    expect(gaps[1]).toBeGreaterThanOrEqual(320);
  });

  it('gives up when the schedule has come to its end', async () => {
    const one = await receiver();
    one.misbehave({ kind: 'status', status: 500 }, 3);
    const endpoint = await pumps.endpoint(one.url);
    pumps.start({ epoch: 1 });
    await pumps.publish([endpoint]);
    const [delivery] = await eventually(() => pumps.deliveriesOf(endpoint), areAll('failed'));
    expect(delivery).toMatchObject({ attempts: 3, failures: 3, next_attempt_at: null, epoch: null });
    expect(one.requests).toHaveLength(3);
  });

  it('disables an endpoint that answers 410, and fails what was still to be sent, saying why', async () => {
    const one = await receiver();
    one.misbehave({ kind: 'status', status: 410 }, 500);
    const endpoint = await pumps.endpoint(one.url);
    await pumps.publish([endpoint], 100);
    pumps.start({ epoch: 1 });
    const deliveries = await eventually(() => pumps.deliveriesOf(endpoint), areAll('failed'));
    expect(await pumps.store.find(endpoint._id)).toMatchObject({ enabled: false, disabled_reason: 'gone' });
    expect(one.requests.length).toBeLessThan(100);
    const attempts = await pumps.attempts.find({ delivery_id: trusted({ $in: deliveries.map(({ _id }) => _id) }) });
    const errors = attempts.map(({ error }) => error);
    expect(errors).toHaveLength(100);
    expect(errors.filter((word) => word === 'It was not sent: the endpoint is disabled.').length).toBeGreaterThan(0);
    expect(errors.filter((word) => word?.includes('410'))).toHaveLength(one.requests.length);
  });

  it('waits as long as a receiver asks it to', async () => {
    const one = await receiver();
    one.misbehave({ kind: 'status', status: 429, headers: { 'retry-after': '2' } });
    const endpoint = await pumps.endpoint(one.url);
    pumps.start({ epoch: 1 });
    await pumps.publish([endpoint]);
    await eventually(() => pumps.deliveriesOf(endpoint), areAll('succeeded'));
    const [first, second] = one.requests;
    expect(+(second?.at ?? 0) - +(first?.at ?? 0)).toBeGreaterThanOrEqual(1_950);
  });

  it('holds back everything for a receiver that asks for a pause, and sends all of it afterwards', async () => {
    const one = await receiver();
    const pauseSeconds = 3;
    one.misbehave({ kind: 'status', status: 429, headers: { 'retry-after': String(pauseSeconds) } }, 20);
    const endpoint = await pumps.endpoint(one.url);
    pumps.start({ epoch: 1 });
    await pumps.publish([endpoint]);
    await eventually(
      () => pumps.deliveriesOf(endpoint),
      ([delivery]) => delivery?.failures === 1,
    );
    for (let event = 0; event < 30; event += 1) await pumps.publish([endpoint]);
    one.behave();
    await eventually(() => pumps.deliveriesOf(endpoint), areAll('succeeded'));
    const [first, ...later] = one.requests.map(({ at }) => at.getTime());
    expect(later).toHaveLength(31);
    const early = later.filter((at) => at - (first ?? 0) < pauseSeconds * 1_000 - 100);
    expect(early).toEqual([]);
  });

  it.each([
    ['a 204 with a body', 'HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\nokay'],
    ['a body shorter than announced', 'HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\nokay'],
    ['a chunk of no length', 'HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nokay'],
  ])('counts %s as delivered, once, and says what was odd', async (_, answer) => {
    const posts: string[] = [];
    const server = createServer((socket) => {
      socket.on('data', (bytes) => {
        posts.push(bytes.toString());
        socket.end(answer);
      });
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const endpoint = await pumps.endpoint(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      pumps.start({ epoch: 1 });
      await pumps.publish([endpoint]);
      const [delivery] = await eventually(() => pumps.deliveriesOf(endpoint), areAll('succeeded'));
      const [attempt, ...others] = await pumps.attemptsOf(delivery?._id ?? '');
      expect(others).toEqual([]);
      expect(attempt?.error).toMatch(
        /^The receiver answered 20[024], so the delivery arrived\. The rest of its answer broke: /,
      );
      expect(posts.filter((post) => post.startsWith('POST'))).toHaveLength(1);
    } finally {
      server.close();
    }
  });

  it('parks what was never tried while the breaker is open, and goes on with what was', async () => {
    const one = await receiver();
    const endpoint = await pumps.endpoint(one.url);
    pumps.open.add(endpoint._id);
    await pumps.publish([endpoint], 5);
    await pumps.publish([endpoint], 1, { change: { status: 'retrying', attempts: 1, failures: 1 } });
    await pumps.publish([endpoint], 1, { change: { trigger: 'manual' } });
    pumps.start({ epoch: 1 });
    const deliveries = await eventually(() => pumps.deliveriesOf(endpoint), areAll('parked', 'succeeded'));
    expect(deliveries.map(({ status }) => status)).toEqual([
      ...Array<string>(5).fill('parked'),
      'succeeded',
      'succeeded',
    ]);
    expect(deliveries[0]).toMatchObject({ next_attempt_at: null, epoch: null, attempts: 0 });
    expect(one.requests).toHaveLength(2);
  });

  it('cancels what was for an endpoint that is gone', async () => {
    const endpoint = await pumps.endpoint('http://127.0.0.1:9/');
    await pumps.publish([endpoint], 3);
    await pumps.endpoints.deleteOne({ _id: endpoint._id });
    pumps.start({ epoch: 1 });
    await eventually(() => pumps.deliveriesOf(endpoint), areAll('cancelled'));
  });

  it('leaves a delivery whose event has not come, sends it when it has, and drops it when it never does', async () => {
    const one = await receiver();
    const endpoint = await pumps.endpoint(one.url);
    pumps.start({ epoch: 1 }, pumpTimings({ orphanAfterMs: 1_500 }));
    const old = { change: { created_at: new Date(Date.now() - 60_000) }, withEvents: false };
    const accepted = await pumps.publish([endpoint], 2, old);
    const lost = await pumps.publish([endpoint], 2, old);
    const others = await pumps.publish([endpoint], 2);
    await eventually(
      () => Promise.resolve(one.messages.length),
      (count) => count === 2,
    );
    expect(one.messages.map(({ id }) => id).sort()).toEqual(others);
    await pumps.accept(accepted);
    await eventually(
      () => Promise.resolve(one.messages.length),
      (count) => count === 4,
    );
    const left = await eventually(
      () => pumps.deliveriesOf(endpoint),
      (deliveries) => deliveries.length === 4,
    );
    expect(left.map(({ event_id }) => event_id)).toEqual([...accepted, ...others].sort());
    expect(left.filter(({ event_id }) => lost.includes(event_id))).toEqual([]);
  });

  it('holds to the limit of an endpoint', async () => {
    const one = await receiver();
    const endpoint = await pumps.endpoint(one.url, { rate_limit_per_second: 20 });
    await pumps.publish([endpoint], 50);
    pumps.start({ epoch: 1 });
    await eventually(() => pumps.deliveriesOf(endpoint), areAll('succeeded'));
    const times = one.requests.map(({ at }) => +at);
    // Their arrival may be squeezed together a little on the way.
    const inOneSecond = times.map((from) => times.filter((time) => time >= from && time < from + 1_000).length);
    expect(Math.max(...inOneSecond)).toBeLessThanOrEqual(24);
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThanOrEqual(2_300);
  });
});
