import { Client, Connection } from '@temporalio/client';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { pumpWorkflowId } from '../../workflows/contracts/workflow-ids.js';
import { identityOf, openDeliveries } from '../support/deliveries.js';
import { eventually } from '../support/eventually.js';
import { startFakeReceiver, type FakeReceiver } from '../support/fake-receiver.js';
import { openProcesses, type Process, type ProductProcesses } from '../support/product-processes.js';

type Deliveries = Awaited<ReturnType<typeof openDeliveries>>;

let product: ProductProcesses;
let deliveries: Deliveries;
let receiver: FakeReceiver;
let workers: [Process, Process];

beforeEach(async () => {
  product = openProcesses({ env: { EGRESS_ALLOW: '127.0.0.0/8', DELIVERY_TIMEOUT_MS: '20000' } });
  [deliveries, receiver] = await Promise.all([openDeliveries(product), startFakeReceiver(null)]);
  workers = await Promise.all([product.startWorker(), product.startWorker()]);
  await deliveries.endpoint(receiver.url);
  await deliveredWithin(await deliveries.publish(1), 30_000);
});
afterEach(async () => {
  for (const worker of workers) if (isThere(worker)) process.kill(worker.pid, 'SIGCONT');
  await product.close();
  await Promise.all([receiver.close(), deliveries.close()]);
});

const isThere = ({ pid }: Process) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

async function deliveredWithin(events: readonly string[], ms: number): Promise<void> {
  const got = () => new Set(receiver.messages.map(({ id }) => id));
  await eventually(
    () => Promise.resolve(events.filter((id) => !got().has(id)).length),
    (missing) => missing === 0,
    ms,
  );
}

/** Who pumps, and who would. */
async function roles(): Promise<{ holder: Process; other: Process }> {
  const lease = await deliveries.lease();
  const holder = workers.find((worker) => identityOf(worker) === lease?.holder);
  const other = workers.find((worker) => worker !== holder);
  if (!holder || !other) throw new Error(`Nobody of ours pumps: ${lease?.holder}`);
  return { holder, other };
}

/** Why the pump's activity was tried again. */
async function lastFailure(): Promise<string | undefined> {
  const connection = await Connection.connect({ address: inject('temporalAddress') });
  const handle = new Client({ connection }).workflow.getHandle(
    pumpWorkflowId(0, String(product.env.TEMPORAL_QUEUE_SUFFIX)),
  );
  const [pending] = (await handle.describe()).raw.pendingActivities ?? [];
  await connection.close();
  const { applicationFailureInfo, timeoutFailureInfo } = pending?.lastFailure ?? {};
  return timeoutFailureInfo ? 'Heartbeat' : (applicationFailureInfo?.type ?? undefined);
}

/** @returns how long it took until what was published at once after it was delivered */
async function failoverMs(event: (holder: Process) => unknown): Promise<number> {
  const { holder, other } = await roles();
  const at = Date.now();
  const ended = event(holder);
  await deliveredWithin(await deliveries.publish(10), 30_000);
  const ms = Date.now() - at;
  await ended;
  expect((await deliveries.lease())?.holder).toBe(identityOf(other));
  return ms;
}

const log = (what: string, ms: number) =>
  process.stdout.write(`Delivery pump, ${what}: the other delivers after ${ms} ms\n`);

describe('two workers and one pump', () => {
  it('go on within seconds when the one that pumps is killed', async () => {
    const ms = await failoverMs((holder) => holder.kill());
    log('kill -9', ms);
    expect(await lastFailure()).toBe('Heartbeat');
    expect(ms).toBeLessThan(20_000);
  }, 60_000);

  it('go on at once when the one that pumps is told to stop', async () => {
    const codes: unknown[] = [];
    const ms = await failoverMs(async (holder) => codes.push(await holder.stop()));
    log('SIGTERM', ms);
    // It said so itself: nobody had to miss its heartbeat first. 0.7 s on a free machine.
    expect(await lastFailure()).toBe('WorkerStopping');
    expect(ms).toBeLessThan(15_000);
    expect(codes).toEqual([0]);
  }, 60_000);

  it('never post what another has taken over, after one was stopped and woke up', async () => {
    const { holder, other } = await roles();
    // Some are on their way and others wait in the holder's memory, when it is stopped.
    receiver.misbehave({ kind: 'delay', ms: 5_000 }, 150);
    const before = receiver.requests.length;
    const events = await deliveries.publish(150);
    const posted = () => receiver.requests.length - before;
    await eventually(
      async () => ({ waiting: (await deliveries.claimed()) - posted(), posted: posted() }),
      ({ waiting, posted: onTheirWay }) => waiting >= 3 && onTheirWay >= 3,
    );
    process.kill(holder.pid, 'SIGSTOP');
    receiver.behave();
    const stoppedAt = Date.now();
    await deliveredWithin(events, 30_000);
    await eventually(
      () => deliveries.countOf('succeeded'),
      (count) => count === 151,
    );
    log('SIGSTOP', Date.now() - stoppedAt);
    expect((await deliveries.lease())?.holder).toBe(identityOf(other));

    const posts = receiver.requests.length;
    process.kill(holder.pid, 'SIGCONT');
    const wokenAt = Date.now();
    await eventually(
      () => deliveries.seenAt(holder),
      (at) => at > wokenAt + 1_500,
    );
    // It ends what it thinks it has to do, and is gone.
    expect(await holder.stop()).toBe(0);
    expect(receiver.requests).toHaveLength(posts);
    // Each once, but for those that were on their way.
    expect(posts - before).toBeLessThanOrEqual(150 + 20);
    await deliveredWithin(await deliveries.publish(5), 30_000);
    expect((await deliveries.lease())?.holder).toBe(identityOf(other));
  }, 120_000);
});
