import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { trusted } from '../../src/db/schema-options.js';
import { generateSecret } from '../../src/webhooks/endpoints/secrets.js';
import { eventually } from '../support/eventually.js';
import { startFakeReceiver, type FakeReceiver } from '../support/fake-receiver.js';
import { ago, openHealth, parked, type HealthHarness } from './health-harness.js';

let at: HealthHarness;
let receiver: FakeReceiver;
beforeAll(async () => {
  at = await openHealth();
});
afterAll(() => at.close());
beforeEach(async () => {
  receiver = await startFakeReceiver(null);
});
afterEach(() => receiver.close());

const down = (times = 1) => receiver.misbehave({ kind: 'status', status: 503 }, times);
const sent = () => receiver.requests.map(({ headers }) => headers['webhook-id']);

describe('a probe', () => {
  it('is not made before its time', async () => {
    const next = new Date(Date.now() + 20_000);
    const one = await at.sick(receiver.url, {}, { next_probe_at: next });
    await at.publish([one], 1, parked);
    expect(await at.check(one)).toMatchObject({ phase: 'probing', parked: 1, probes: 0, nextProbeAt: next.getTime() });
    expect(sent()).toEqual([]);
    expect((await at.found(one)).ring_after?.getTime()).toBe(next.getTime() + 60_000);
  });

  it('tries the oldest parked one; failing, it is on record, and the next is later', async () => {
    const one = await at.sick(receiver.url);
    const [oldest = ''] = await at.publish([one], 3, parked);
    down(2);
    const first = await at.check(one);
    expect(first).toMatchObject({ phase: 'probing', probes: 1, parked: 3 });
    expect((first.nextProbeAt ?? 0) - Date.now()).toBeGreaterThan(50_000);
    await at.health.updateOne({ _id: one._id }, { $set: { next_probe_at: ago(1) } });
    const second = await at.check(one);
    expect((second.nextProbeAt ?? 0) - Date.now()).toBeGreaterThan(550_000);
    expect(sent()).toEqual([oldest, oldest]);
    const [delivery] = await at.deliveriesOf(one);
    expect(delivery).toMatchObject({ status: 'parked', attempts: 2, failures: 0, epoch: null, next_attempt_at: null });
    expect(await at.attemptsOf(delivery?._id ?? '')).toMatchObject([
      { number: 1, trigger: 'automatic', response_code: 503, error: 'The receiver answered 503.' },
      { number: 2, trigger: 'automatic', response_code: 503 },
    ]);
    expect(await at.found(one)).toMatchObject({ failures_in_a_row: 12, probes: 2, breaker: 'open' });
  });

  it('that gets through closes the breaker', async () => {
    const one = await at.sick(receiver.url);
    await at.publish([one], 2, parked);
    expect(await at.check(one)).toMatchObject({ phase: 'releasing', parked: 1, failingSince: null, probes: 0 });
    expect(await at.statusesOf(one)).toEqual(['succeeded', 'parked']);
    const doc = await at.found(one);
    expect(doc).toMatchObject({ breaker: 'closed', failures_in_a_row: 0, failing_since: null, opened_at: null });
    expect(doc.last_success_at).not.toBeNull();
    expect(receiver.faults).toEqual([]);
  });

  it('is signed as every delivery is', async () => {
    const secret = generateSecret();
    const checking = await startFakeReceiver(secret);
    const one = await at.endpoint(checking.url, {}, secret);
    await at.healthIs(one, { breaker: 'open', next_probe_at: ago(1), failing_since: ago(9), last_failure_at: ago(9) });
    await at.publish([one], 1, parked);
    expect(await at.check(one)).toMatchObject({ phase: 'healthy' });
    expect(checking.faults).toEqual([]);
    expect(checking.messages).toHaveLength(1);
    await checking.close();
  });

  it('tries the oldest retried one when none is parked, which keeps its place in the schedule', async () => {
    const one = await at.sick(receiver.url);
    const next_attempt_at = new Date(Date.now() + 3_600_000);
    await at.publish([one], 1, { change: { status: 'retrying', attempts: 4, failures: 4, next_attempt_at } });
    await at.publish([one], 1, { change: { status: 'retrying', attempts: 1, failures: 1, epoch: 7 } });
    down();
    expect(await at.check(one)).toMatchObject({ phase: 'probing', probes: 1, parked: 0 });
    const [tried, claimed] = await at.deliveriesOf(one);
    expect(tried).toMatchObject({ status: 'retrying', attempts: 5, failures: 4, next_attempt_at, epoch: null });
    expect(claimed).toMatchObject({ attempts: 1, epoch: 7 });
  });

  it('of an ordered endpoint is the oldest of all: none overtakes what a pump has in its hands', async () => {
    const one = await at.sick(receiver.url, { ordered: true });
    const [head = ''] = await at.publish([one], 1, {
      change: { status: 'retrying', attempts: 1, failures: 1, epoch: 7 },
    });
    await at.publish([one], 2, parked);
    expect(await at.check(one)).toMatchObject({ phase: 'probing', probes: 0, parked: 2 });
    expect(sent()).toEqual([]);
    await at.deliveries.updateOne({ event_id: head }, { $set: { epoch: null } });
    await at.health.updateOne({ _id: one._id }, { $set: { next_probe_at: ago(1) } });
    expect(await at.check(one)).toMatchObject({ phase: 'releasing' });
    expect(sent()).toEqual([head]);
  });

  it('waits for a real success when there is nothing to try', async () => {
    const one = await at.sick(receiver.url);
    const state = await at.check(one);
    expect(state).toMatchObject({ phase: 'probing', probes: 0, parked: 0 });
    expect((state.nextProbeAt ?? 0) - Date.now()).toBeGreaterThan(500);
    expect(await at.found(one)).toMatchObject({ failures_in_a_row: 10 });
    expect(sent()).toEqual([]);
  });

  it('drops what was never accepted, and waits for what may still come', async () => {
    const one = await at.sick(receiver.url);
    const old = { status: 'parked', next_attempt_at: null, created_at: ago(40_000) } as const;
    await at.publish([one], 1, { change: old, withEvents: false });
    await at.publish([one], 1, { ...parked, withEvents: false });
    expect(await at.check(one)).toMatchObject({ phase: 'probing', probes: 0, parked: 1 });
    expect(sent()).toEqual([]);
  });

  it('goes on with one that a worker died with', async () => {
    const one = await at.sick(receiver.url);
    const [id = ''] = await at.publish([one], 1, { change: { ...parked.change, epoch: -5 } });
    expect(await at.check(one)).toMatchObject({ phase: 'healthy' });
    expect(sent()).toEqual([id]);
    expect(await at.statusesOf(one)).toEqual(['succeeded']);
  });

  it('leaves alone what people did to its delivery meanwhile', async () => {
    const one = await at.sick(receiver.url);
    await at.publish([one], 1, parked);
    receiver.misbehave({ kind: 'delay', ms: 300 });
    const pending = at.check(one);
    await eventually(
      () =>
        at.deliveries.updateOne(
          { endpoint_id: one._id, epoch: trusted({ $ne: null }) },
          { $set: { status: 'cancelled', epoch: null, settled_at: new Date() } },
        ),
      ({ modifiedCount }) => modifiedCount === 1,
    );
    await pending;
    expect(await at.statusesOf(one)).toEqual(['cancelled']);
    const [delivery] = await at.deliveriesOf(one);
    expect(await at.attemptsOf(delivery?._id ?? '')).toHaveLength(1);
  });

  it('is made again by another worker when this one stops in the middle', async () => {
    const one = await at.sick(receiver.url);
    await at.publish([one], 1, parked);
    receiver.misbehave({ kind: 'delay', ms: 1_500 });
    const stopping = new AbortController();
    const pending = at.check(one, {}, stopping.signal);
    setTimeout(() => stopping.abort(), 200);
    await expect(pending).rejects.toMatchObject({ type: 'WorkerStopping' });
    expect(await at.found(one)).toMatchObject({ breaker: 'open', probes: 0, failures_in_a_row: 10 });
    expect(await at.deliveriesOf(one)).toMatchObject([{ status: 'parked', attempts: 1, epoch: null }]);
    expect(await at.check(one)).toMatchObject({ phase: 'healthy' });
  });

  it('that is answered 410 disables the endpoint, and what waits has failed with words', async () => {
    const one = await at.sick(receiver.url);
    await at.publish([one], 2, parked);
    receiver.misbehave({ kind: 'status', status: 410 });
    expect(await at.check(one)).toMatchObject({ phase: 'disabled', parked: 0, more: false });
    expect(await at.store.find(one._id)).toMatchObject({ enabled: false, disabled_reason: 'gone' });
    expect(await at.statusesOf(one)).toEqual(['failed', 'failed']);
    const [tried, unsent] = await at.deliveriesOf(one);
    expect(await at.attemptsOf(tried?._id ?? '')).toMatchObject([{ response_code: 410 }]);
    expect(await at.attemptsOf(unsent?._id ?? '')).toMatchObject([
      { response_code: null, error: 'The endpoint was disabled: its receiver answered 410.' },
    ]);
  });
});

describe('a wake-up', () => {
  it('is wanted again after the next probe’s time, for a workflow may have been ended; and never when all is well', async () => {
    const one = await at.endpoint();
    await at.healthIs(one, { ring_after: ago(1) });
    await at.check(one);
    expect((await at.found(one)).ring_after?.getTime()).toBeGreaterThan(Date.now() + 50_000);
    await at.check(one, { isLast: true });
    expect((await at.found(one)).ring_after).toBeNull();
  });

  it('that names another org’s endpoint finds none, and touches nothing', async () => {
    const one = await at.sick();
    await at.publish([one], 1, parked);
    expect(await at.check(one, { orgId: 'another' })).toMatchObject({ phase: 'deleted', parked: 0 });
    expect(await at.statusesOf(one)).toEqual(['parked']);
    expect(await at.found(one)).toMatchObject({ breaker: 'open', probes: 0 });
  });
});
