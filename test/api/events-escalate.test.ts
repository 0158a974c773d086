import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { defaultRouting } from '../../src/escalations/routing/routing.js';
import type { EventDoc } from '../../src/events/model.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { createTestEvents, policy } from '../support/events.js';
import { eventually } from '../support/eventually.js';
import type { Api } from '../support/http.js';

let app: TestApp;
let parts: ReturnType<typeof createTestEvents>;
let org: string;
let path: string;
let key: Api;
beforeAll(async () => {
  app = await startTestApp({
    routes: ({ models }) => {
      parts = createTestEvents(models);
      return parts.routes;
    },
  });
});
afterAll(() => app.close());
beforeEach(async () => {
  org = await app.newOrg();
  path = `/orgs/${org}/events`;
  key = await app.keyOf(org, ['ingest']);
  Object.assign(parts.settings, { policies: [], routing: defaultRouting, asked: [], insertAll: undefined });
});

const created = (data: object, change: object = {}) => ({ type: 'event.created', data, ...change });
const eventsOf = () => parts.events.find({ org_id: org }).sort({ _id: 1 }).lean<EventDoc[]>();

describe('an event.created', () => {
  it('raises an escalation of the first policy that matches it', async () => {
    parts.settings.policies = [
      policy('off', { enabled: false }),
      policy('small', { match: { amount: { $lt: 10 } } }),
      policy('large', { match: { amount: { $gte: 100 } }, severity: 'critical', title: 'A lot', kind: 'approval' }),
      policy('any'),
    ];
    parts.settings.routing = {
      ...defaultRouting,
      severity_map: { critical: { impact: 1, urgency: 1 } },
      sla: { critical: { acknowledge_minutes: 15, resolve_minutes: null } },
    };
    const data = {
      amount: 500,
      gateway: { id: 'gw-1', name: 'Payments' },
      actor: 'ada',
      reason: 'Over the limit',
      context: { 'a.b': { $ne: 1 } },
    };
    const { body } = await key.post(path, created(data, { id: 'risky' }));
    const [escalation, ...others] = await parts.raised(org);
    // It is marked behind the answer.
    const [event] = await eventually(eventsOf, ([first]) => first?.due === false);
    expect(others).toEqual([]);
    expect(escalation).toMatchObject({
      kind: 'approval',
      status: 'open',
      severity: 'critical',
      title: 'A lot',
      reason: 'Over the limit',
      gateway: { id: 'gw-1', name: 'Payments', environment: null },
      actor: { id: 'ada', name: null, email: null, type: null },
      context: '{"a.b":{"$ne":1}}',
      policy: { id: 'large', name: 'Policy large' },
      event_id: body.events[0].id,
      source_id: null,
      created_at: event?.created_at,
      ring_after: event?.created_at,
      terms: {
        mapped_severity: { impact: 1, urgency: 1 },
        acknowledge_due_at: new Date((event?.created_at.getTime() ?? 0) + 15 * 60_000),
        resolve_due_at: null,
      },
    });
    expect(event).toMatchObject({ due: false, raise: { escalation_id: escalation?._id, terms: escalation?.terms } });
  });

  it('raises nothing when no policy matches, and routing is not asked', async () => {
    parts.settings.policies = [policy('small', { match: { amount: { $lt: 10 } } })];
    await key.post(path, created({ amount: 10 }));
    expect(await parts.raised(org)).toEqual([]);
    expect(await eventsOf()).toMatchObject([{ raise: null, due: false }]);
    expect(parts.settings.asked).toEqual([`policies of ${org}`]);
  });

  it('is the only type that does, and for others nobody is asked', async () => {
    parts.settings.policies = [policy('any')];
    const types = ['export.completed', 'gateway.health_changed', 'budget.threshold_reached', 'config.deployed'];
    await key.post(path, { events: types.map((type) => ({ type, data: {} })) });
    expect(await parts.raised(org)).toEqual([]);
    expect(parts.settings.asked).toEqual([]);
  });

  it('sent twice, together or after one another, raises one', async () => {
    parts.settings.policies = [policy('any')];
    const twice = { events: [created({}, { id: 'twice' }), created({}, { id: 'twice' })] };
    await Promise.all([key.post(path, twice), key.post(path, twice)]);
    await key.post(path, twice);
    expect(await parts.raised(org)).toHaveLength(1);
  });

  it('is accepted when its escalation cannot be raised at once, and is left due', async () => {
    parts.settings.policies = [policy('any')];
    parts.settings.insertAll = () => Promise.reject(new Error('the database went away'));
    const { status, body } = await key.post(path, created({}));
    expect(status).toBe(202);
    expect(body.events).toMatchObject([{ duplicate: false }]);
    const [event] = await eventsOf();
    expect(event?.due).toBe(true);
    expect(event?.due_after?.getTime()).toBe((event?.created_at.getTime() ?? 0) + 10_000);
  });
});

describe('a budget.threshold_reached', () => {
  it('is due at once, for people to be told', async () => {
    await key.post(path, { type: 'budget.threshold_reached', data: { wallet_id: 'w' } });
    const [event] = await eventsOf();
    expect(event).toMatchObject({ due: true, due_after: event?.created_at, raise: null });
  });
});

describe('a thousand events in one call', () => {
  it('raise what matches by the first policy, in the order sent', async () => {
    parts.settings.policies = [
      policy('third', { match: { n: { $in: Array.from({ length: 30 }, (_, k) => k * 3) } }, severity: 'critical' }),
      policy('even', { match: { even: true }, severity: 'low' }),
      policy('most', { match: { n: { $lt: 900 } }, severity: 'medium' }),
    ];
    const events = Array.from({ length: 1_000 }, (_, n) =>
      created({ n, even: n % 2 === 0, gateway: 'gw', actor: { name: 'Ada', email: 'ada@example.com' } }),
    );
    const wanted = events.flatMap(({ data }) => {
      const { n, even } = data as { n: number; even: boolean };
      if (n < 90 && n % 3 === 0) return [`third ${n}`];
      if (even) return [`even ${n}`];
      return n < 900 ? [`most ${n}`] : [];
    });
    const { status, body } = await key.post(path, { events });
    expect(status).toBe(202);
    const placeOf = new Map((body.events as { id: string }[]).map(({ id }, n) => [id, n]));
    const raised = await parts.raised(org);
    expect(raised.map((one) => `${one.policy?.id ?? ''} ${placeOf.get(one.event_id ?? '') ?? ''}`)).toEqual(wanted);
    // They are marked behind the answer.
    await eventually(
      () => parts.events.countDocuments({ org_id: org, due: true }),
      (count) => count === 0,
    );
  });

  it('that all match, with an id each, answer in under a second', async () => {
    parts.settings.policies = [policy('none', { match: { n: -1 } }), policy('any')];
    const batch = (round: number) => ({
      events: Array.from({ length: 1_000 }, (_, n) => created({ n, actor: 'ada' }, { id: `${round}-${n}` })),
    });
    let [rounds, bestMs] = [0, Infinity];
    // Other tests share the CPU, so one fast round is enough.
    while (bestMs >= 1_000 && rounds < 15) {
      const begun = performance.now();
      expect((await key.post(path, batch(rounds++))).status).toBe(202);
      bestMs = Math.min(bestMs, performance.now() - begun);
    }
    expect(bestMs).toBeLessThan(1_000);
    expect(await parts.raised(org)).toHaveLength(rounds * 1_000);
    const again = await key.post(path, batch(0));
    expect(again.body.events.every((one: { duplicate: boolean }) => one.duplicate)).toBe(true);
    expect(await parts.raised(org)).toHaveLength(rounds * 1_000);
  }, 90_000);
});
