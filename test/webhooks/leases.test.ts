import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { defaultTimings } from '../../src/config/timings.js';
import { ensureIndexes } from '../../src/db/indexes.js';
import { hasPassed } from '../../src/webhooks/leases/clock.js';
import type { Lease } from '../../src/webhooks/leases/hold.js';
import { createPumpLeases } from '../../src/webhooks/leases/leases.js';
import { createPumpPlan, type PumpPlan } from '../../src/webhooks/leases/plan.js';
import { fairShare, partitionsOf } from '../../src/webhooks/leases/share.js';
import { eventually } from '../support/eventually.js';
import { openTestDatabase, type TestDatabase } from '../support/mongo.js';

let database: TestDatabase;
let plan: PumpPlan;
const open: Lease[] = [];
let leases: TestDatabase['models']['pumpLeases'];

beforeAll(async () => {
  database = await openTestDatabase();
  leases = database.models.pumpLeases;
  plan = createPumpPlan({ plan: database.models.pumpPlan });
  await ensureIndexes(database.connection);
});
afterAll(() => database.close());
beforeEach(async () => {
  await Promise.all(open.splice(0).map((lease) => lease.release()));
  await leases.deleteMany({});
  await plan.want(1);
});

/** A process's leases. Each test says how long they hold. */
const leasesOf = (leaseMs: number, renewEveryMs = leaseMs / 5) =>
  createPumpLeases({ leases, plan, timings: { pump: { leaseMs, renewEveryMs } } });

async function take(pump: number, holder: string, leaseMs = 2_000, renewEveryMs?: number): Promise<Lease> {
  const taken = await leasesOf(leaseMs, renewEveryMs).take(pump, holder);
  if (typeof taken === 'string') throw new Error(taken);
  open.push(taken);
  return taken;
}

const never = new AbortController().signal;
const freeWithin = async (lease: Lease, ms: number) => {
  await lease.untilFree(AbortSignal.timeout(ms));
};

async function msOf(work: () => Promise<unknown>): Promise<number> {
  const beganAt = Date.now();
  await work();
  return Date.now() - beganAt;
}

describe('a pump’s lease', () => {
  it('gives each term a greater epoch than any before, whichever pump it is', async () => {
    await plan.want(3);
    const epochs: number[] = [];
    for (const pump of [0, 2, 1, 0]) epochs.push((await take(pump, 'worker/a')).epoch);
    expect(epochs).toEqual([...epochs].sort((a, b) => a - b));
    expect(new Set(epochs).size).toBe(4);
  });

  it('renews itself for as long as it is held', async () => {
    const lease = await take(0, 'worker/a', 400, 50);
    await sleep(1_000);
    expect(lease.holds()).toBe(true);
    expect(lease.lost.aborted).toBe(false);
  });

  it('is over by the clock alone when it was not renewed: nobody has to be asked', async () => {
    const lease = await take(0, 'worker/a', 300, 60_000);
    expect(lease.holds()).toBe(true);
    await eventually(
      () => Promise.resolve(lease.holds()),
      (holds) => !holds,
      1_000,
    );
    expect(lease.lost.aborted).toBe(false);
  });

  it('is over after a pause of the process, before anything else can run', async () => {
    const lease = await take(0, 'worker/a', 300, 50);
    // As SIGSTOP does: no timer and no answer gets in.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    expect(lease.holds()).toBe(false);
    // Nobody has taken it, so it is ours again.
    await eventually(
      () => Promise.resolve(lease.holds()),
      (holds) => holds,
    );
  });

  it('is lost for good once another has taken it, at the next renewal at the latest', async () => {
    const former = await take(0, 'worker/a', 2_000, 50);
    const next = await take(0, 'worker/b', 2_000, 50);
    await eventually(
      () => Promise.resolve(former.lost.aborted),
      (lost) => lost,
    );
    expect(former.lost.reason).toBe('taken');
    expect(former.holds()).toBe(false);
    expect(next.holds()).toBe(true);
  });

  it('cannot be taken by one that is late', async () => {
    const late = await plan.nextEpoch();
    const lease = await take(0, 'worker/b');
    const stale = createPumpLeases({
      leases,
      plan: { ...plan, nextEpoch: () => Promise.resolve(late) },
      timings: defaultTimings,
    });
    expect(await stale.take(0, 'worker/a')).toBe('too_late');
    expect(await leases.findById('pump/0').lean()).toMatchObject({ holder: 'worker/b', epoch: lease.epoch });
  });

  it('is given for pumps that are wanted only', async () => {
    expect(await leasesOf(1_000).take(1, 'worker/a')).toBe('surplus');
    expect(await leases.countDocuments()).toBe(0);
  });

  it('goes to one of many that ask at once', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, (_, n) => leasesOf(2_000, 50).take(0, `worker/${n}`)));
    const taken = all.filter((one) => typeof one !== 'string');
    open.push(...taken);
    await eventually(
      () => Promise.resolve(taken.filter(({ lost }) => !lost.aborted)),
      (holders) => holders.length === 1,
    );
    const [last] = taken.filter(({ holds }) => holds());
    expect(last?.epoch).toBe(Math.max(...taken.map(({ epoch }) => epoch)));
  });
});

describe('the one who takes a lease over', () => {
  it('waits until the former cannot hold it any more', async () => {
    const leaseMs = 1_500;
    const since = performance.now();
    const former = await take(0, 'worker/a', leaseMs, 60_000);
    const next = await take(0, 'worker/b', leaseMs);
    const waited = await msOf(() => next.untilFree(never));
    expect(former.holds()).toBe(false);
    expect(performance.now() - since).toBeGreaterThanOrEqual(leaseMs);
    expect(waited).toBeLessThan(leaseMs + 500);
  });

  it('does not wait when the former has let go', async () => {
    const former = await take(0, 'worker/a', 60_000);
    await former.release();
    expect(former.holds()).toBe(false);
    const next = await take(0, 'worker/b', 60_000);
    expect(await msOf(() => next.untilFree(never))).toBeLessThan(500);
  });

  it('stops waiting when it is told to', async () => {
    await take(0, 'worker/a', 60_000);
    const next = await take(0, 'worker/b', 60_000);
    expect(await msOf(() => freeWithin(next, 150))).toBeLessThan(1_000);
  });
});

describe('another number of pumps', () => {
  it('ends every lease of the former number, and none begins before these are over', async () => {
    const former = await take(0, 'worker/a', 2_000, 300);
    await plan.want(2);
    const added = await take(1, 'worker/b', 2_000, 300);
    const free = added.untilFree(never);
    await eventually(
      () => Promise.resolve(former.lost.aborted),
      (lost) => lost,
    );
    expect(former.lost.reason).toBe('resized');
    await former.release();
    await free;
    expect(added.holds()).toBe(true);
    expect((await take(0, 'worker/a')).pumps).toBe(2);
  });

  it('keeps nobody waiting who shares in the same way', async () => {
    await plan.want(2);
    await take(0, 'worker/a', 60_000);
    const second = await take(1, 'worker/b', 60_000);
    expect(await msOf(() => second.untilFree(never))).toBeLessThan(500);
  });
});

describe('what a lease reckons with', () => {
  it('believes whichever clock says that the time is over', () => {
    const at = { monotonic: 1_000, wall: 500_000 };
    expect(hasPassed(at, 100, { monotonic: 1_099, wall: 500_099 })).toBe(false);
    // The process slept with its machine: the monotonic clock stood still.
    expect(hasPassed(at, 100, { monotonic: 1_010, wall: 500_100 })).toBe(true);
    // Somebody has set the time back.
    expect(hasPassed(at, 100, { monotonic: 1_100, wall: 400_000 })).toBe(true);
  });

  it.each([1, 2, 3, 5, 64])('gives each partition to one of %i pumps', (pumps) => {
    const shares = Array.from({ length: pumps }, (_, pump) => partitionsOf(pump, pumps));
    expect(shares.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 64 }, (_, partition) => partition));
  });

  it('leaves each live worker something to pump', () => {
    expect([fairShare(1, 1), fairShare(1, 5), fairShare(4, 2), fairShare(5, 2), fairShare(3, 0)]).toEqual([
      1, 1, 2, 3, 3,
    ]);
  });
});
