import { MockActivityEnvironment } from '@temporalio/testing';
import { ApplicationFailure, ApplicationFailureCategory, CancelledFailure } from '@temporalio/common';
import { DefaultLogger } from '@temporalio/worker';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PumpActivityDeps } from '../../activities/pump/context.js';
import { createPumpActivities } from '../../activities/pump/index.js';
import { defaultTimings } from '../../src/config/timings.js';
import { createLogger } from '../../src/observability/logger.js';
import { createPumpLeases } from '../../src/webhooks/leases/leases.js';
import { createPumpPlan, type PumpPlan } from '../../src/webhooks/leases/plan.js';
import type { Term } from '../../src/webhooks/pump/pump.js';
import { eventually } from '../support/eventually.js';
import { openTestDatabase, type TestDatabase } from '../support/mongo.js';
import type { Held, PumpActivities, Pumped } from '../../workflows/contracts/delivery-pump.js';

let database: TestDatabase;
let plan: PumpPlan;
let leases: PumpActivityDeps['leases'];
let leaseDocs: TestDatabase['models']['pumpLeases'];
beforeAll(async () => {
  database = await openTestDatabase();
  leaseDocs = database.models.pumpLeases;
  plan = createPumpPlan({ plan: database.models.pumpPlan });
  leases = createPumpLeases({ leases: leaseDocs, plan, timings: { pump: { leaseMs: 1_000, renewEveryMs: 100 } } });
});
afterAll(() => database.close());
beforeEach(async () => {
  await leaseDocs.deleteMany({});
  await plan.want(1);
});

/** A process, with a pump that posts one thing a beat and drains at once. */
function worker({ termMs = 20_000, ...change }: Partial<PumpActivityDeps> & { termMs?: number } = {}) {
  const terms: Term[] = [];
  const reported: Held[] = [];
  const activities = createPumpActivities({
    ...{ leases, plan, holder: 'worker/a', logger: createLogger('silent') },
    timings: { ...defaultTimings, pump: { ...defaultTimings.pump, termMs } },
    liveWorkers: () => Promise.resolve(1),
    signalHeld: (_, held) => Promise.resolve(void reported.push(held)),
    pump: {
      run: (term) => {
        terms.push(term);
        let posted = 0;
        const timer = setInterval(() => term.onBeat({ posted: ++posted, inFlight: 0, held: 0 }), 20);
        return new Promise((resolve) => {
          for (const end of [term.signal, term.over]) {
            end?.addEventListener('abort', () => {
              clearInterval(timer);
              resolve();
            });
          }
        });
      },
    },
    ...change,
  });
  return { activities, terms, reported };
}

/** One try of the activity; its failure is its result. */
function begin(activities: PumpActivities, pump = 0, lastHolder: string | null = null) {
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  const beats: unknown[] = [];
  environment.on('heartbeat', (beat: unknown) => beats.push(beat));
  const pumped: Promise<Pumped> = environment.run(activities.pumpDeliveries, { pump, lastHolder });
  const ended = pumped.catch((error: unknown) => error);
  return { environment, beats, ended };
}

const untilPumping = ({ terms }: { terms: Term[] }, count = 1) =>
  eventually(
    () => Promise.resolve(terms.length),
    (length) => length === count,
  );

describe('a term of a pump', () => {
  it('pumps its share under a lease until it is over, and says what came of it', async () => {
    await plan.want(4);
    const one = worker({ termMs: 300 });
    const { ended, beats } = begin(one.activities, 3);
    const pumped = (await ended) as Extract<Pumped, { surplus: false }>;
    const [term] = one.terms;
    expect(term?.partitions.every((partition) => partition % 4 === 3)).toBe(true);
    expect(pumped).toMatchObject({ surplus: false, holder: 'worker/a', epoch: term?.epoch, pumps: 4 });
    expect(pumped.posted).toBeGreaterThan(0);
    expect(beats.at(-1)).toEqual({ epoch: term?.epoch, posted: pumped.posted, inFlight: 0, held: 0 });
    expect(term?.holdsLease()).toBe(false);
    // That its time is over is no reason to cut anything off.
    expect([term?.over?.aborted, term?.signal.aborted]).toEqual([true, false]);
  });

  it('says who has it when that is news, and at another try', async () => {
    const one = worker({ termMs: 50 });
    await begin(one.activities).ended;
    await begin(one.activities, 0, 'worker/a').ended;
    expect(one.reported).toHaveLength(1);
    expect(one.reported[0]).toMatchObject({ holder: 'worker/a', epoch: one.terms[0]?.epoch });
  });

  it('pumps though Temporal does not hear who has it', async () => {
    const one = worker({ termMs: 50, signalHeld: () => Promise.reject(new Error('down')) });
    expect(await begin(one.activities).ended).toMatchObject({ surplus: false });
  });

  it('is over at once for a pump that is not wanted any more', async () => {
    expect(await begin(worker().activities, 1).ended).toEqual({ surplus: true });
  });

  it('ends when there are more pumps, so that the next knows its share', async () => {
    const one = worker();
    const { ended } = begin(one.activities);
    await untilPumping(one);
    await plan.want(2);
    expect(await ended).toMatchObject({ surplus: false, pumps: 1 });
  });

  it('drains and goes to another try when a newer term has taken the lease', async () => {
    const [one, other] = [worker(), worker({ holder: 'worker/b', termMs: 1_500 })];
    const former = begin(one.activities);
    await untilPumping(one);
    const next = begin(other.activities);
    const failure = await former.ended;
    expect(failure).toMatchObject({ type: 'PumpElsewhere', nonRetryable: false });
    expect(one.terms[0]?.holdsLease()).toBe(false);
    await next.ended;
    expect(other.terms[0]?.epoch).toBeGreaterThan(one.terms[0]?.epoch ?? Infinity);
  });

  it('drains and ends as cancelled when the workflow cancels it', async () => {
    const one = worker();
    const { environment, ended } = begin(one.activities);
    await untilPumping(one);
    environment.cancel('CANCELLED');
    expect(await ended).toBeInstanceOf(CancelledFailure);
    expect(one.terms[0]?.signal.aborted).toBe(true);
  });

  it('drains, lets go and hands over when its worker stops', async () => {
    const one = worker();
    const { environment, ended } = begin(one.activities);
    await untilPumping(one);
    environment.cancel('WORKER_SHUTDOWN', {
      ...{ notFound: false, cancelRequested: false, paused: false, timedOut: false, reset: false },
      workerShutdown: true,
    });
    expect(await ended).toMatchObject({ type: 'WorkerStopping', nonRetryable: false });
    const lease = await leaseDocs.findById('pump/0').lean();
    expect(lease?.lease_until.getTime()).toBeLessThanOrEqual(Date.now());
  });

  it('fails with words of ours, soon to be tried again, when MongoDB does not answer', async () => {
    const broken = Object.assign(new Error('secret of the server'), { name: 'MongoNetworkError' });
    const failure = await begin(worker({ plan: { wanted: () => Promise.reject(broken) } }).activities).ended;
    expect(failure).toMatchObject({ type: 'StoreUnavailable', nextRetryDelay: 1_000 });
    expect(String(failure)).not.toContain('secret');
  });
});

describe('a process that has its share of the pumps', () => {
  it('leaves the next to another, as nothing that is wrong', async () => {
    await plan.want(4);
    const one = worker({ liveWorkers: () => Promise.resolve(2) });
    const taken = [0, 1].map((pump) => begin(one.activities, pump));
    await untilPumping(one, 2);
    const failure = await begin(one.activities, 2).ended;
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({
      type: 'PumpElsewhere',
      nonRetryable: false,
      category: ApplicationFailureCategory.BENIGN,
    });
    taken[0]?.environment.cancel('CANCELLED');
    await taken[0]?.ended;
    const next = begin(one.activities, 2);
    await untilPumping(one, 3);
    for (const { environment, ended } of [...taken, next]) {
      environment.cancel('CANCELLED');
      await ended;
    }
  });

  it('has all of them when it is the only one', async () => {
    await plan.want(3);
    const one = worker({ termMs: 200 });
    const ended = await Promise.all([0, 1, 2].map((pump) => begin(one.activities, pump).ended));
    expect(ended).toEqual(Array.from({ length: 3 }, () => expect.objectContaining({ surplus: false, pumps: 3 })));
    expect(one.terms.flatMap(({ partitions }) => partitions)).toHaveLength(64);
  });
});
