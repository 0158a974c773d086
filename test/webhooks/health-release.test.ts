import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DeliveryDoc } from '../../src/webhooks/deliveries/model.js';
import { startFakeReceiver, type FakeReceiver } from '../support/fake-receiver.js';
import { ago, openHealth, orgId, parked, type HealthHarness } from './health-harness.js';

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

const dayMs = 86_400_000;

describe('releasing', () => {
  const well = async (count: number, change: Partial<DeliveryDoc> = {}) => {
    const one = await at.endpoint(receiver.url);
    await at.healthIs(one, { last_success_at: ago(1), ring_after: ago(1) });
    const ids = await at.publish([one], count, { change: { ...parked.change, ...change } });
    return { one, ids };
  };

  it('takes the oldest first, some at a time', async () => {
    const { one } = await well(5);
    expect(await at.release(one, { most: 2 })).toMatchObject({ phase: 'releasing', parked: 3 });
    const all = await at.deliveriesOf(one);
    expect(all.map(({ status }) => status)).toEqual(['pending', 'pending', 'parked', 'parked', 'parked']);
    expect(all[0]?.next_attempt_at?.getTime()).toBeLessThanOrEqual(Date.now());
    expect(await at.release(one, { most: 3 })).toMatchObject({ phase: 'healthy', parked: 0 });
  });

  it('waits until most of a step is through, and no longer', async () => {
    const { one } = await well(20);
    const releasing = at.release(one, { most: 10, waitMs: 60_000 });
    const pump = at.start({ epoch: 1 }, { cipher: at.cipher });
    expect(await releasing).toMatchObject({ phase: 'releasing', parked: 10 });
    await pump.stop();
    expect(receiver.messages.length).toBeGreaterThanOrEqual(8);
  });

  it('stops waiting when the breaker opens again: what is parked stays', async () => {
    const { one } = await well(10);
    const releasing = at.release(one, { most: 5, waitMs: 60_000 });
    await at.health.updateOne({ _id: one._id }, { $set: { breaker: 'open' } });
    expect(await releasing).toMatchObject({ phase: 'probing' });
  });

  it('is left to another worker when this one stops', async () => {
    const { one } = await well(10);
    await expect(at.release(one, { most: 5, waitMs: 60_000 }, AbortSignal.abort())).rejects.toMatchObject({
      type: 'WorkerStopping',
    });
  });

  it('includes what was being probed when a worker died', async () => {
    const { one } = await well(1, { epoch: -3 });
    expect(await at.release(one)).toMatchObject({ phase: 'healthy' });
    expect(await at.deliveriesOf(one)).toMatchObject([{ status: 'pending', epoch: null }]);
  });
});

describe('an endpoint that is given up', () => {
  it('after failures that span days is disabled, with an entry in the audit log, and what waits has failed', async () => {
    const one = await at.sick('https://user.example/path-with-a-token', {}, { failing_since: ago(5 * dayMs + 2_000) });
    await at.publish([one], 2, parked);
    await at.publish([one], 1);
    await at.publish([one], 1, { change: { status: 'retrying', attempts: 1 } });
    expect(await at.disable(one, 5 * dayMs)).toMatchObject({ phase: 'disabled', parked: 0 });
    expect(await at.store.find(one._id)).toMatchObject({ enabled: false, disabled_reason: 'failing' });
    expect(await at.statusesOf(one)).toEqual(['failed', 'failed', 'failed', 'retrying']);
    const [delivery] = await at.deliveriesOf(one);
    expect(delivery).toMatchObject({ attempts: 1, next_attempt_at: null });
    expect(delivery?.settled_at).not.toBeNull();
    expect(await at.attemptsOf(delivery?._id ?? '')).toMatchObject([
      { number: 1, error: 'The endpoint was disabled: nothing got through for days.' },
    ]);
    const entries = await at.auditOf(one);
    expect(entries).toMatchObject([
      {
        org_id: orgId,
        action: 'webhook.updated',
        actor: { id: 'drawbridge', name: 'Drawbridge', via: 'drawbridge' },
        subject: { type: 'webhook', id: one._id, name: 'user.example' },
        changed: ['enabled'],
      },
    ]);
    expect(JSON.stringify(entries)).not.toContain('token');
  });

  it('is on record once, also when a worker dies between disabling it and writing that down', async () => {
    const one = await at.sick();
    await at.store.disable(one._id, 'failing', { version: one.version });
    const again = () => at.deps.disable({ id: one._id, version: one.version }, 'failing');
    await again();
    await again();
    expect(await at.auditOf(one)).toHaveLength(1);
  });

  it('is not disabled when somebody has changed it meanwhile, or when it has not failed for long enough', async () => {
    const changed = await at.sick();
    await at.store.change(changed, { description: 'Being repaired' });
    await at.deps.disable({ id: changed._id, version: changed.version }, 'failing');
    expect(await at.store.find(changed._id)).toMatchObject({ enabled: true });
    expect(await at.auditOf(changed)).toEqual([]);
    const young = await at.sick();
    expect(await at.disable(young, dayMs)).toMatchObject({ phase: 'probing' });
    expect(await at.store.find(young._id)).toMatchObject({ enabled: true });
  });

  it('by people has what is parked cancelled; enabled again it is not held to what it was', async () => {
    const one = await at.sick(receiver.url);
    await at.publish([one], 2, parked);
    await at.store.change(one, { enabled: false });
    expect(await at.check(one)).toMatchObject({ phase: 'disabled', parked: 0 });
    expect(await at.statusesOf(one)).toEqual(['cancelled', 'cancelled']);
    expect(await at.found(one)).toMatchObject({ breaker: 'closed', failing_since: null });
    await at.check(one, { isLast: true });
    expect((await at.found(one)).ring_after).toBeNull();
    expect(receiver.requests).toEqual([]);
  });

  it('is enabled again before anybody looked: what is parked is released', async () => {
    const one = await at.sick(receiver.url, { enabled: false, disabled_reason: 'failing' });
    await at.publish([one], 2, parked);
    const enabled = await at.store.change(one, { enabled: true, disabled_reason: null });
    await at.changed(one, enabled);
    expect(await at.check(one)).toMatchObject({ phase: 'releasing', parked: 2 });
    expect(await at.release(one)).toMatchObject({ phase: 'healthy' });
    expect(await at.statusesOf(one)).toEqual(['pending', 'pending']);
  });

  it('is gone when it is deleted, its health with it', async () => {
    const one = await at.sick(receiver.url);
    await at.publish([one], 2, parked);
    await at.store.remove(orgId, one._id);
    expect(await at.check(one)).toMatchObject({ phase: 'deleted', parked: 0 });
    expect(await at.statusesOf(one)).toEqual(['cancelled', 'cancelled']);
    expect(await at.health.exists({ _id: one._id })).toBeNull();
    expect(await at.check(one, { isLast: true })).toMatchObject({ phase: 'deleted' });
  });

  it('has thousands settled', async () => {
    const one = await at.sick(receiver.url, { enabled: false });
    await at.publish([one], 2_500, { ...parked, withEvents: false });
    expect(await at.check(one)).toMatchObject({ phase: 'disabled', more: false });
    expect(new Set(await at.statusesOf(one))).toEqual(new Set(['cancelled']));
  });
});
