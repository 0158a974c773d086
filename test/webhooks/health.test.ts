import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createLogger } from '../../src/observability/logger.js';
import type { EndpointDoc } from '../../src/webhooks/endpoints/model.js';
import type { Health } from '../../src/webhooks/health/health.js';
import { eventually } from '../support/eventually.js';
import { ago, openHealth, orgId, type HealthHarness } from './health-harness.js';

let at: HealthHarness;
beforeAll(async () => {
  at = await openHealth();
});
afterAll(() => at.close());

const tried = ({ _id }: EndpointDoc, ok: boolean, when = new Date()) => ({ endpointId: _id, orgId, ok, at: when });
const fails = (one: EndpointDoc, count: number, agoMs = 0) =>
  Array.from({ length: count }, () => tried(one, false, ago(agoMs)));
const isOpen = (health: Health, one: EndpointDoc, wanted = true) =>
  eventually(
    () => Promise.resolve(health.isOpen(one._id)),
    (open) => open === wanted,
  );
const failures = (one: EndpointDoc, count: number) =>
  eventually(
    () => at.health.findById(one._id).lean().exec(),
    (doc) => doc?.failures_in_a_row === count,
  );

const toTheSecond = (time: Date) => new Date(Math.floor(time.getTime() / 1_000) * 1_000);

describe('the health of an endpoint', () => {
  it('counts failures in a row over batches and processes, since the first of them; a success ends the row', async () => {
    const one = await at.endpoint();
    const [first, second] = [at.process({ opensAfter: 99 }), at.process({ opensAfter: 99 })];
    const [before, since] = [ago(6_000), ago(5_000)];
    first.record([tried(one, true, before), tried(one, false, since)]);
    await failures(one, 1);
    second.record(fails(one, 2, 4_000));
    await failures(one, 3);
    first.record(fails(one, 2));
    const doc = await failures(one, 5);
    expect(doc?.failing_since).toEqual(toTheSecond(since));
    expect(doc?.last_success_at).toEqual(toTheSecond(before));
    second.record([tried(one, false), tried(one, true)]);
    expect(await failures(one, 0)).toMatchObject({ failing_since: null, breaker: 'closed' });
  });

  it('is written down by the second while it fails, and seldom while it goes on answering', async () => {
    const one = await at.endpoint();
    const process = at.process({ calmMs: 60_000 });
    process.record([tried(one, true, ago(9_000))]);
    await failures(one, 0);
    const later = ago(10);
    process.record([tried(one, true, later)]);
    const other = await at.endpoint();
    process.record([tried(other, true)]);
    await failures(other, 0);
    expect((await at.found(one)).last_success_at).not.toEqual(toTheSecond(later));
    await process.close();
    expect((await at.found(one)).last_success_at).toEqual(toTheSecond(later));
  });

  it('is written for a thousand endpoints in a few updates, each with its own', async () => {
    const since = toTheSecond(ago(30_000));
    const all = Array.from({ length: 1_000 }, (_, number) => `wh_of-many-${number}`);
    const tries = all.flatMap((endpointId, number) => [
      { endpointId, orgId, ok: true, at: since },
      ...Array.from({ length: number % 3 }, () => ({ endpointId, orgId, ok: false, at: since })),
    ]);
    const process = at.process({ everyMs: 3_600_000, opensAfter: 99 });
    process.record(tries);
    await process.close();
    const docs = await at.health
      .find({ _id: /^wh_of-many-/ })
      .lean()
      .exec();
    expect(docs).toHaveLength(1_000);
    for (const doc of docs) {
      const failed = Number(doc._id.split('-')[2]) % 3;
      expect(doc).toMatchObject({ failures_in_a_row: failed, last_success_at: since });
      expect(doc.failing_since).toEqual(failed > 0 ? since : null);
    }
  });

  it('loses nothing while MongoDB is away', async () => {
    const one = await at.endpoint();
    const down = { isDown: true };
    const health = new Proxy(at.health, {
      get(target, name) {
        if (down.isDown && name === 'bulkWrite') return () => Promise.reject(new Error('away'));
        return Reflect.get(target, name) as unknown;
      },
    });
    const warned: unknown[] = [];
    const logger = Object.assign(createLogger('silent'), { warn: (entry: unknown) => void warned.push(entry) });
    const process = at.process({ opensAfter: 99 }, { health, logger });
    process.record(fails(one, 2));
    await eventually(
      () => Promise.resolve(warned.length),
      (count) => count > 0,
    );
    process.record(fails(one, 3));
    down.isDown = false;
    await failures(one, 5);
  });
});

describe('the breaker', () => {
  it('opens after so many failures in a row over so long, and not before', async () => {
    const [quickly, few, enough] = [await at.endpoint(), await at.endpoint(), await at.endpoint()];
    const process = at.process({ opensAfter: 10, opensOverMs: 60_000 });
    process.record([...fails(quickly, 30, 50_000), ...fails(quickly, 1)]);
    process.record([...fails(few, 1, 70_000), ...fails(few, 8)]);
    process.record([...fails(enough, 9, 60_001), ...fails(enough, 1)]);
    await isOpen(process, enough);
    expect([process.isOpen(quickly._id), process.isOpen(few._id)]).toEqual([false, false]);
    const doc = await at.found(enough);
    expect(doc).toMatchObject({ breaker: 'open', probes: 0, failures_in_a_row: 10 });
    expect((doc.next_probe_at?.getTime() ?? 0) - (doc.opened_at?.getTime() ?? 0)).toBe(30_000);
    expect(doc.ring_after).toEqual(doc.opened_at);
    process.record(fails(few, 1));
    await isOpen(process, few);
  });

  it('is seen open by other processes', async () => {
    const one = await at.endpoint();
    const [sending, other] = [at.process(), at.process()];
    sending.record(fails(one, 3));
    await isOpen(other, one);
  });

  it('parks what nobody has tried or claimed; what is retried, and what people ask for, goes its way', async () => {
    const [one, other] = [await at.endpoint(), await at.endpoint()];
    await at.publish([one, other], 3);
    await at.publish([one], 1, { change: { status: 'retrying', attempts: 2, failures: 2 } });
    await at.publish([one], 1, { change: { trigger: 'manual' } });
    await at.publish([one], 1, { change: { epoch: 4 } });
    const process = at.process();
    process.record(fails(one, 3));
    await eventually(
      () => at.deliveriesOf(one),
      (all) => all.some(({ status }) => status === 'parked'),
    );
    const all = await at.deliveriesOf(one);
    expect(all.map(({ status }) => status).sort()).toEqual([
      ...['parked', 'parked', 'parked', 'pending', 'pending', 'retrying'],
    ]);
    expect(all.filter(({ status }) => status === 'parked').map((doc) => doc.next_attempt_at)).toEqual([
      null,
      null,
      null,
    ]);
    expect(all.find(({ status }) => status === 'retrying')?.next_attempt_at).not.toBeNull();
    expect((await at.deliveriesOf(other)).every(({ status }) => status === 'pending')).toBe(true);
  });

  it('closes with the first success of whichever process, which has the workflow woken', async () => {
    const one = await at.sick();
    const [first, second] = [at.process(), at.process()];
    await isOpen(first, one);
    second.record([tried(one, true)]);
    await isOpen(first, one, false);
    expect(await at.found(one)).toMatchObject({ breaker: 'closed', failures_in_a_row: 0, next_probe_at: null });
    expect((await at.found(one)).ring_after?.getTime()).toBeGreaterThan(Date.now() - 5_000);
  });
});

describe('what the API tells of health', () => {
  it('is new, healthy, failing or paused, with what waits', async () => {
    const [fresh, well, failing, paused] = [
      await at.endpoint(),
      await at.endpoint(),
      await at.endpoint(),
      await at.sick(),
    ];
    await at.healthIs(well, { last_success_at: ago(1) });
    await at.healthIs(failing, { failures_in_a_row: 2, last_failure_at: ago(2), last_success_at: ago(9) });
    await at.publish([failing, paused], 2);
    await at.publish([failing], 1, { change: { status: 'succeeded', next_attempt_at: null } });
    await at.publish([paused], 1, { change: { status: 'parked', next_attempt_at: null } });
    await at.publish([paused], 1, { change: { status: 'retrying' } });
    const found = await at.healthOf(
      orgId,
      [fresh, well, failing, paused].map(({ _id }) => _id),
    );
    const statusOf = (one: EndpointDoc) => found.get(one._id);
    expect(statusOf(fresh)).toMatchObject({
      status: 'new',
      pending: 0,
      consecutive_failures: 0,
      last_success_at: null,
    });
    expect(statusOf(well)).toMatchObject({ status: 'healthy', pending: 0 });
    expect(statusOf(failing)).toMatchObject({ status: 'failing', pending: 2, consecutive_failures: 2 });
    expect(statusOf(paused)).toMatchObject({ status: 'paused', pending: 4, consecutive_failures: 10 });
    expect(await at.healthOf('another', [well._id])).toEqual(
      new Map([[well._id, expect.objectContaining({ status: 'new' })]]),
    );
  });
});

describe('what people do to a sick endpoint', () => {
  it('is noticed at once: enabled again it begins anew, disabled or deleted it is given up', async () => {
    for (const [before, after, expected] of [
      [false, true, { breaker: 'closed', failures_in_a_row: 0, failing_since: null }],
      [true, false, { breaker: 'open' }],
      [true, null, { breaker: 'open' }],
    ] as const) {
      const one = await at.sick(undefined, { enabled: before }, { ring_after: null });
      await at.changed(one, after === null ? null : { ...one, enabled: after });
      const doc = await at.found(one);
      expect(doc).toMatchObject(expected);
      expect(doc.ring_after?.getTime()).toBeLessThanOrEqual(Date.now());
    }
  });

  it('means nothing to one that was never tried, or when something else was changed', async () => {
    const [fresh, renamed] = [await at.endpoint(), await at.sick(undefined, {}, { ring_after: null })];
    await at.changed(null, fresh);
    await at.changed(fresh, null);
    await at.changed(renamed, { ...renamed, description: 'Another' });
    expect(await at.health.exists({ _id: fresh._id })).toBeNull();
    expect((await at.found(renamed)).ring_after).toBeNull();
  });
});

it('a large backlog is parked in chunks, so that no update outlasts a socket’s timeout', async () => {
  const one = await at.endpoint();
  await at.publish([one], 2_300);
  const sizes: number[] = [];
  const update = at.deliveries.updateMany.bind(at.deliveries);
  const spy = vi.spyOn(at.deliveries, 'updateMany').mockImplementation(((
    filter: { _id?: { $in?: unknown[] } },
    set: never,
  ) => {
    sizes.push(filter._id?.$in?.length ?? Infinity);
    return update(filter as never, set);
  }) as never);
  try {
    await at.deps.parked.park(one._id);
  } finally {
    spy.mockRestore();
  }
  expect(sizes).toEqual([1_000, 1_000, 300]);
  expect(await at.deliveries.countDocuments({ endpoint_id: one._id, status: 'parked' })).toBe(2_300);
});
