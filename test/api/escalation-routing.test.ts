import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { knownConnection, pathsOf, startSettings, type SettingsHarness } from './escalation-settings-harness.js';

let app: SettingsHarness['app'];
let harness: SettingsHarness;
beforeAll(async () => {
  harness = await startSettings();
  ({ app } = harness);
});
afterAll(() => app.close());

const newSetup = () => harness.newSetup('escalation-routing');
const defaults = {
  ticket: { enabled: true, min_severity: 'low', connection_id: null },
  severity_map: {},
  on_resolve: 'comment',
  sla: {},
};
const full = {
  ticket: { enabled: true, min_severity: 'high', connection_id: knownConnection },
  severity_map: { critical: { impact: 1, urgency: '2 - High' }, high: 'Highest', low: '$where' },
  on_resolve: 'close',
  sla: {
    critical: { acknowledge_minutes: 1, resolve_minutes: 525_600 },
    medium: { acknowledge_minutes: null, resolve_minutes: 60 },
  },
};

describe('escalation routing', () => {
  it('has its defaults before it is set, and then is as it was set', async () => {
    const { org, get, put } = await newSetup();
    const first = await get();
    expect([first.status, first.body, first.headers.get('etag')]).toEqual([200, defaults, '"0"']);
    const made = await put(full);
    expect([made.status, made.body, made.headers.get('etag')]).toEqual([200, full, '"1"']);
    expect((await get()).body).toEqual(full);
    expect((await put((await get()).body)).body).toEqual(full);
    expect(await harness.settings.routing.get(org)).toMatchObject({ ...full, version: 2 });
    expect(await harness.settings.routing.get('another')).toEqual({ ...defaults, version: 0 });
  });

  it.each<[object, object]>([
    [{}, {}],
    [{ on_resolve: 'close' }, { on_resolve: 'close' }],
    [{ ticket: { enabled: false } }, { ticket: { ...defaults.ticket, enabled: false } }],
    [{ ticket: { connection_id: null } }, {}],
    [{ sla: { low: { resolve_minutes: 5 } } }, { sla: { low: { acknowledge_minutes: null, resolve_minutes: 5 } } }],
    [{ severity_map: { low: 'Lowest' } }, { severity_map: { low: 'Lowest' } }],
  ])('takes %j, and what is left out has its default again', async (body, shown) => {
    const { get, put } = await newSetup();
    await put(full);
    expect((await put(body)).body).toEqual({ ...defaults, ...shown });
    expect((await get()).body).toEqual({ ...defaults, ...shown });
  });

  it.each<[string, unknown, string]>([
    ['an unknown severity of the map', { severity_map: { fatal: 'x' } }, 'severity_map.fatal'],
    ['an unknown severity of the clocks', { sla: { $where: { resolve_minutes: 1 } } }, 'sla.$where'],
    ['an empty word', { severity_map: { high: '' } }, 'severity_map.high'],
    ['a long word', { severity_map: { high: 'x'.repeat(101) } }, 'severity_map.high'],
    ['half a pair', { severity_map: { high: { impact: 1 } } }, 'severity_map.high'],
    ['a level of ten', { severity_map: { high: { impact: 10, urgency: 1 } } }, 'severity_map.high.impact'],
    ['a long level', { severity_map: { high: { impact: 'x'.repeat(21), urgency: 1 } } }, 'severity_map.high.impact'],
    ['a third of the pair', { severity_map: { high: { impact: 1, urgency: 1, $gt: 1 } } }, 'severity_map.high.$gt'],
    ['a clock of no time', { sla: { high: { resolve_minutes: 0 } } }, 'sla.high.resolve_minutes'],
    ['half a minute', { sla: { high: { resolve_minutes: 0.5 } } }, 'sla.high.resolve_minutes'],
    ['over a year', { sla: { high: { acknowledge_minutes: 525_601 } } }, 'sla.high.acknowledge_minutes'],
    ['no clock', { sla: { high: {} } }, 'sla.high'],
    ['two clocks of null', { sla: { high: { acknowledge_minutes: null, resolve_minutes: null } } }, 'sla.high'],
    ['another way to resolve', { on_resolve: 'delete' }, 'on_resolve'],
    ['an unknown minimum', { ticket: { min_severity: 'fatal' } }, 'ticket.min_severity'],
    ['a connection that is none', { ticket: { connection_id: 'con_01J' } }, 'ticket.connection_id'],
    ['an unknown field', { ticket: { $set: 1 } }, 'ticket.$set'],
    ['an unknown part', { tickets: {} }, 'tickets'],
  ])('is refused with %s, and nothing changes', async (_, body, path) => {
    const { get, put, changes } = await newSetup();
    await put(full);
    const answer = await put({ ...full, ...(body as object) });
    expect([answer.status, answer.body.code, pathsOf(answer)]).toEqual([422, 'validation_failed', [path]]);
    const after = await get();
    expect([after.body, after.headers.get('etag')]).toEqual([full, '"1"']);
    expect(await changes()).toHaveLength(1);
  });

  it('is refused with __proto__ in the place of a severity', async () => {
    const { get, put } = await newSetup();
    expect(pathsOf(await put('{"severity_map":{"__proto__":"x"}}'))).toEqual(['severity_map.__proto__']);
    expect(pathsOf(await put('{"sla":{"__proto__":{"resolve_minutes":1}}}'))).toEqual(['sla.__proto__']);
    expect((await get()).body).toEqual(defaults);
  });

  it('says what a mapped severity may be', async () => {
    const { put } = await newSetup();
    for (const wrong of [{ impact: 1 }, 5, null, ['Highest']]) {
      expect((await put({ severity_map: { high: wrong } })).body.errors).toEqual([
        { path: 'severity_map.high', message: 'must be a text, or an object with impact and urgency' },
      ]);
    }
  });

  it('says of a connection that it is none of the org’s', async () => {
    const answer = await (await newSetup()).put({ ticket: { connection_id: 'con_x' } });
    expect(answer.body.errors).toEqual([{ path: 'ticket.connection_id', message: 'is not a connection of this org' }]);
  });

  it('is read with read, and replaced with configure', async () => {
    const { org } = await newSetup();
    const path = `/orgs/${org}/escalation-routing`;
    const reader = await app.keyOf(org, ['read', 'review', 'ingest']);
    expect((await reader.get(path)).status).toBe(200);
    expect((await reader.put(path, {})).status).toBe(403);
    const stranger = (await newSetup()).key;
    expect((await stranger.get(path)).status).toBe(404);
    expect((await stranger.put(path, {})).status).toBe(404);
  });

  it('leaves an audit record of which fields changed, and how', async () => {
    const { org, key, put, changes } = await newSetup();
    await put({ severity_map: { high: 'canary' }, sla: { critical: { resolve_minutes: 5 } } });
    await put({
      severity_map: { high: 'canary', low: { impact: 1, urgency: 1 } },
      sla: { critical: { resolve_minutes: 6 } },
    });
    await put({ severity_map: { low: { urgency: 1, impact: 1 } }, ticket: { enabled: false }, on_resolve: 'close' });
    await put({ severity_map: { low: { urgency: 1, impact: '1' } }, ticket: { enabled: false }, on_resolve: 'close' });
    expect(await changes()).toEqual([
      ['severity_map.high', 'sla.critical'],
      ['severity_map.low', 'sla.critical'],
      ['ticket.enabled', 'severity_map.high', 'on_resolve', 'sla.critical'],
      ['severity_map.low'],
    ]);
    const audit = await key.get(`/orgs/${org}/audit`);
    expect(audit.body.data[1].changes.severity_map).toEqual({
      before: { low: { impact: 1, urgency: 1 }, high: 'canary' },
      after: { low: { impact: 1, urgency: 1 } },
    });
    expect(audit.body.data[0].subject).toEqual({ type: 'escalation_routing', id: org, name: null });
  });
});

describe('the ETag of escalation routing', () => {
  it('changes with each PUT, and a stale If-Match is refused', async () => {
    const { get, put } = await newSetup();
    expect((await put(full, { 'If-Match': '"0"' })).headers.get('etag')).toBe('"1"');
    const stale = await put({}, { 'If-Match': '"0"' });
    expect([stale.status, stale.body.code]).toEqual([412, 'precondition_failed']);
    expect((await get()).body).toEqual(full);
  });

  it('lets one of two writers at once through, and without it neither is lost', async () => {
    const { put } = await newSetup();
    for (const from of [0, 1]) {
      const race = await Promise.all([full, {}].map((body) => put(body, { 'If-Match': `"${from}"` })));
      expect(race.map(({ status }) => status).sort()).toEqual([200, 412]);
    }
    const free = await Promise.all([full, {}].map((body) => put(body)));
    expect(free.map(({ headers }) => headers.get('etag')).sort()).toEqual(['"3"', '"4"']);
  });
});
