import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { defaultTimings } from '../../src/config/timings.js';
import { dueHealth } from '../../src/webhooks/health/due-health.js';
import type { EndpointWakeTarget } from '../../src/temporal/endpoint-signaler.js';
import { newHealth } from '../../src/webhooks/health/writes.js';
import { openTestDatabase } from '../support/mongo.js';
import { ago } from './harness.js';

const woken: EndpointWakeTarget[] = [];
const temporal = { isUp: true };
let at: Awaited<ReturnType<typeof open>>;
beforeAll(async () => {
  at = await open();
});
afterAll(() => at.close());
beforeEach(async () => {
  await at.health.deleteMany({});
  woken.length = 0;
  temporal.isUp = true;
});

async function open() {
  const { models, close } = await openTestDatabase();
  const { health } = models;
  await health.createIndexes();
  const signaler = { wake: (one: EndpointWakeTarget) => Promise.resolve(woken.push(one) > 0 && temporal.isUp) };
  return {
    health,
    close,
    runRound: (signal = new AbortController().signal) =>
      dueHealth({ health, signaler, timings: defaultTimings }).round(signal),
    put: (id: string, ring_after: Date | null) => health.create({ ...newHealth(id, 'acme', new Date()), ring_after }),
  };
}

const ids = () => woken.map(({ _id }) => _id);

describe('a sick endpoint that something is to be done for', () => {
  it('is woken by its ids, the longest due first, and left to its workflow for ten seconds', async () => {
    await at.put('wh_young', ago(10));
    await at.put('wh_old', ago(5_000));
    await at.runRound();
    await at.runRound();
    expect(woken).toEqual([
      { _id: 'wh_old', org_id: 'acme' },
      { _id: 'wh_young', org_id: 'acme' },
    ]);
    await at.health.updateOne({ _id: 'wh_old' }, { $set: { ring_after: ago(1) } });
    await at.runRound();
    expect(ids()).toEqual(['wh_old', 'wh_young', 'wh_old']);
  });

  it('is woken by one of several dispatchers', async () => {
    const all = Array.from({ length: 40 }, (_, number) => `wh_${10 + number}`);
    for (const id of all) await at.put(id, ago(1));
    await Promise.all([at.runRound(), at.runRound(), at.runRound()]);
    expect(ids().sort()).toEqual(all);
  });

  it('waits while Temporal is down, and for the next process when this one stops', async () => {
    await at.put('wh_1', ago(1));
    await at.runRound(AbortSignal.abort());
    expect(woken).toEqual([]);
    temporal.isUp = false;
    expect(await at.runRound()).toBeGreaterThanOrEqual(1_000);
    temporal.isUp = true;
    await at.health.updateOne({ _id: 'wh_1' }, { $set: { ring_after: ago(1) } });
    expect(await at.runRound()).toBeUndefined();
    expect(ids()).toEqual(['wh_1', 'wh_1']);
  });
});

it('nobody wakes an endpoint that is well, or whose probe is yet to come', async () => {
  await at.put('wh_well', null);
  await at.put('wh_later', new Date(Date.now() + 60_000));
  await at.runRound();
  expect(woken).toEqual([]);
});
