import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { startFakeReceiver } from '../support/fake-receiver.js';
import { openTestDatabase, type TestDatabase } from '../support/mongo.js';
import { areAll, createPumpHarness, pumpTimings, type PumpHarness } from './pump-harness.js';

const orphanAfterMs = 1_500;

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

it('an ordered endpoint waits once for all that was never accepted, not for each in turn', async () => {
  const receiver = await startFakeReceiver(null);
  const endpoint = await pumps.endpoint(receiver.url, { ordered: true });
  // An API was killed with three calls on their way: one with more events than are looked at together.
  for (const count of [3, 120, 1]) await pumps.publish([endpoint], count, { withEvents: false });
  const accepted = await pumps.publish([endpoint], 2);
  pumps.start({ epoch: 1 }, pumpTimings({ orphanAfterMs }));
  const startedAt = Date.now();
  // In turn, the 124 would take three minutes.
  await eventually(() => pumps.deliveriesOf(endpoint), areAll('succeeded'), 20 * orphanAfterMs);
  expect(receiver.messages.map(({ id }) => id)).toEqual(accepted);
  expect(Date.now() - startedAt).toBeGreaterThanOrEqual(orphanAfterMs);
  await receiver.close();
});
