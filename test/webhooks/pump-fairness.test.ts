import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { startFakeReceiver, type FakeReceiver } from '../support/fake-receiver.js';
import { openTestDatabase, type TestDatabase } from '../support/mongo.js';
import { areAll, createPumpHarness, type PumpHarness } from './pump-harness.js';

let database: TestDatabase;
let pumps: PumpHarness;

beforeAll(async () => {
  database = await openTestDatabase();
  pumps = await createPumpHarness(database, { timeoutMs: 2_000 });
});

afterAll(async () => {
  await pumps.stopAll();
  await pumps.http.close();
  await database.close();
});

/** From being due to being received, in milliseconds: the median of so many, sent one after the other. */
async function latency(quick: FakeReceiver, url: string, count: number): Promise<number> {
  const endpoint = await pumps.endpoint(url);
  const times: number[] = [];
  for (let sent = 0; sent < count; sent++) {
    const [id] = await pumps.publish([endpoint]);
    const publishedAt = Date.now();
    const one = await eventually(
      () => Promise.resolve(quick.requests.find(({ headers }) => headers['webhook-id'] === id)),
      (request) => request !== undefined,
    );
    times.push(Math.max(+(one?.at ?? 0) - publishedAt, 0));
  }
  return times.sort((a, b) => a - b)[count >> 1] ?? 0;
}

describe('a backlog', () => {
  it('of endpoints that never answer does not slow one that does', async () => {
    const [quick, dead] = await Promise.all([startFakeReceiver(null), startFakeReceiver(null)]);
    dead.misbehave({ kind: 'hang' }, 10_000);
    pumps.start({ epoch: 1 });
    const before = await latency(quick, quick.url, 15);
    const hanging = await Promise.all(Array.from({ length: 40 }, () => pumps.endpoint(dead.url)));
    await pumps.publish(hanging, 50);
    // Past the moment in which all of them are new.
    await eventually(
      () => Promise.resolve(dead.requests.length),
      (count) => count >= 160,
    );
    const beside = await latency(quick, quick.url, 15);
    // On a machine that others use: a slot that waits for a dead one would take two seconds.
    expect(beside).toBeLessThan(before * 3 + 150);
    await pumps.stopAll();
    await pumps.deliveries.deleteMany({});
    await Promise.all([quick.close(), dead.close()]);
  });

  it('is worked off to its end, whatever was put off on the way', async () => {
    const one = await startFakeReceiver(null);
    const endpoint = await pumps.endpoint(one.url);
    const ids = await pumps.publish([endpoint], 1_500);
    pumps.start({ epoch: 2 });
    const left = () => pumps.deliveries.countDocuments({ endpoint_id: endpoint._id, settled_at: null });
    await eventually(left, (count) => count === 0, 25_000);
    expect(areAll('succeeded')(await pumps.deliveriesOf(endpoint))).toBe(true);
    expect(new Set(one.messages.map(({ id }) => id))).toEqual(new Set(ids));
    await pumps.stopAll();
    await one.close();
  });
});
