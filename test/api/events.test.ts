import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventDoc } from '../../src/events/model.js';
import { ingestedEventTypes, ownEventTypes } from '../../src/events/types.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { createTestEvents } from '../support/events.js';
import type { Api } from '../support/http.js';
import { createOpenApiDocument } from '../../src/http/openapi/document.js';
import { documentFaults } from '../support/openapi.js';
import { propertySuite } from '../support/property-suite.js';

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
  org = await app.newOrg();
  path = `/orgs/${org}/events`;
  key = await app.keyOf(org, ['ingest']);
});
afterAll(() => app.close());

const event = (change: object = {}) => ({ type: 'export.completed', data: { n: 1 }, ...change });
const stored = (id: unknown) => parts.events.findById(id).orFail().lean<EventDoc>();
const count = () => parts.events.countDocuments({ org_id: org });
const entry = (sourceId: string | null, duplicate = false) => ({
  id: expect.stringMatching(/^evt_[0-9A-HJKMNP-TV-Z]{26}$/) as string,
  source_id: sourceId,
  duplicate,
});

describe('POST /events', () => {
  it('stores one event', async () => {
    const occurred_at = '2026-05-01T12:00:00.5+02:00';
    const { status, body } = await key.post(path, event({ id: 'one', occurred_at }));
    expect({ status, body }).toEqual({ status: 202, body: { events: [entry('one')] } });
    const doc = await stored(body.events[0].id);
    expect(doc).toEqual({
      _id: body.events[0].id,
      org_id: org,
      type: 'export.completed',
      data: '{"n":1}',
      occurred_at: new Date('2026-05-01T10:00:00.500Z'),
      source_id: 'one',
      dedupe_key: 's:one',
      raise: null,
      due: false,
      created_at: expect.any(Date) as Date,
    });
  });

  it('takes the time that it came for the time that it happened, unless that is said', async () => {
    const { body } = await key.post(path, event());
    const doc = await stored(body.events[0].id);
    expect(doc.occurred_at).toEqual(doc.created_at);
    expect(Math.abs(Date.now() - doc.created_at.getTime())).toBeLessThan(60_000);
  });

  it('takes every type that is not ours to send', async () => {
    const events = ingestedEventTypes.map((type) => event({ type }));
    const { status, body } = await key.post(path, { events });
    expect(status).toBe(202);
    expect(body.events).toEqual(events.map(() => entry(null)));
    const types = await Promise.all(body.events.map(async ({ id }: { id: string }) => (await stored(id)).type));
    expect(types).toEqual(ingestedEventTypes);
  });

  it.each(ownEventTypes)('refuses %s, which Drawbridge sends itself', async (type) => {
    const { status, body } = await key.post(path, event({ type }));
    expect(status).toBe(422);
    expect(body.errors).toEqual([{ path: 'type', message: `must not be ${type}: Drawbridge sends it itself` }]);
  });

  it('answers in the order sent, and ids sort in it', async () => {
    const ids = Array.from({ length: 50 }, (_, n) => `ordered-${n}`);
    const { body } = await key.post(path, { events: ids.map((id) => event({ id })) });
    const answered = body.events as { id: string; source_id: string }[];
    expect(answered.map(({ source_id }) => source_id)).toEqual(ids);
    expect(answered.map(({ id }) => id)).toEqual(answered.map(({ id }) => id).sort());
  });

  it.each([
    ['$ and dots', '{"$where":"x","a.b":{"$ne":null},"":0}'],
    ['__proto__', '{"__proto__":{"admin":true},"constructor":{"prototype":1}}'],
    ['every kind of text', '{"text":"a\\u0000b 🦆 \\ud800 \\" {[","é":"\u2028"}'],
    ['100 levels', `${'{"a":['.repeat(50)}1${']}'.repeat(50)}`],
    ['500 levels', `${'{"a":'.repeat(500)}1${'}'.repeat(500)}`],
    ['brackets that are text', `{"text":"${'[{'.repeat(2_000)}\\"["}`],
    ['numbers and nothing', '{"a":1.5,"b":-1e-7,"c":null,"d":[],"e":{},"f":9007199254740991}'],
  ])('keeps %s', async (_name, json) => {
    const { status, body } = await key.post(path, `{"type":"config.deployed","data":${json}}`);
    expect(status).toBe(202);
    expect((await stored(body.events[0].id)).data).toBe(json);
  });

  it.each([
    [{}, 'type'],
    [event({ type: 'other' }), 'type'],
    [event({ type: ['event.created'] }), 'type'],
    [event({ data: [] }), 'data'],
    [event({ data: null }), 'data'],
    [event({ data: '{}' }), 'data'],
    [{ type: 'config.deployed' }, 'data'],
    [event({ id: '' }), 'id'],
    [event({ id: 1 }), 'id'],
    [event({ id: 'x'.repeat(256) }), 'id'],
    [event({ occurred_at: '2026-05-01' }), 'occurred_at'],
    [event({ occurred_at: null }), 'occurred_at'],
    [event({ org_id: 'other' }), 'org_id'],
    [{ events: [] }, 'events'],
    [{ events: {} }, 'events'],
    [{ events: null }, 'events'],
    [{ events: [null] }, 'events[0]'],
    [{ events: Array.from({ length: 1_001 }, () => event()) }, 'events'],
    [{ events: [event()], type: 'event.created' }, 'type'],
    [[event()], ''],
  ])('refuses %j', async (input, at) => {
    const before = await count();
    const { status, body } = await key.post(path, input);
    expect(status).toBe(422);
    expect(body.errors.map((one: { path: string }) => one.path)).toContain(at);
    expect(await count()).toBe(before);
  });

  it('stores nothing when one of many is wrong, and says which', async () => {
    const before = await count();
    const events: object[] = Array.from({ length: 40 }, (_, n) => event({ id: `whole-${n}` }));
    events[17] = event({ type: 'escalation.created' });
    events[30] = event({ data: 1 });
    for (let n = 31; n < 36; n++) events[n] = event({ colour: 'blue' });
    const { status, body } = await key.post(path, { events });
    expect(status).toBe(422);
    expect(body.errors.map((one: { path: string }) => one.path)).toEqual([
      'events[17].type',
      'events[30].data',
      ...[31, 32, 33, 34, 35].map((n) => `events[${n}].colour`),
    ]);
    expect(await count()).toBe(before);
  });

  it('takes data of 256 KiB, and no more', async () => {
    const sized = (bytes: number, fill: string) => ({
      text: fill.repeat((bytes - '{"text":""}'.length) / Buffer.byteLength(fill)),
    });
    expect((await key.post(path, event({ data: sized(256 * 1024, 'x') }))).status).toBe(202);
    for (const data of [sized(256 * 1024 + 1, 'x'), sized(256 * 1024 + 3, 'é')]) {
      const { status, body } = await key.post(path, { events: [event(), event({ data })] });
      expect(status).toBe(422);
      expect(body.errors).toEqual([{ path: 'events[1].data', message: 'must have at most 262144 bytes as JSON' }]);
    }
  });

  it('takes a body of 8 MiB, and no more', async () => {
    const sized = (bytes: number) => {
      const events = Array.from({ length: 40 }, () => event({ data: { text: 'x'.repeat(200_000) } }));
      const text = JSON.stringify({ events });
      return text + ' '.repeat(bytes - text.length);
    };
    expect((await key.post(path, sized(8 * 1024 * 1024))).status).toBe(202);
    expect((await key.post(path, sized(8 * 1024 * 1024 + 1))).status).toBe(413);
  });

  it.each([501, 5_000, 120_000])('refuses data that nests %i levels', async (levels) => {
    const data = `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
    const { status, body } = await key.post(path, `{"type":"config.deployed","data":${data}}`);
    expect(status).toBe(422);
    expect(body.errors).toEqual([{ path: 'data', message: 'must not nest more than 500 levels' }]);
  });

  it('wants JSON, and a body', async () => {
    expect((await key.post(path)).status).toBe(422);
    expect((await key.post(path, '{"type":')).status).toBe(400);
    expect((await key.post(path, JSON.stringify(event()), { 'Content-Type': 'text/plain' })).status).toBe(415);
  });
});

describe('the same id', () => {
  it('in a second call is the first event, whatever else is said', async () => {
    const first = (await key.post(path, event({ id: 'again' }))).body.events[0];
    const second = await key.post(path, event({ id: 'again', type: 'config.deployed', data: { n: 2 } }));
    expect(second).toMatchObject({ status: 202, body: { events: [{ ...first, duplicate: true }] } });
    expect((await stored(first.id)).data).toBe('{"n":1}');
  });

  it('twice in one call is one event', async () => {
    const events = ['twin', 'other', 'twin', 'twin'].map((id, n) => event({ id, data: { n } }));
    const [first, other, ...more] = (await key.post(path, { events })).body.events;
    expect([first, other]).toEqual([entry('twin'), entry('other')]);
    expect(more).toEqual([
      { ...first, duplicate: true },
      { ...first, duplicate: true },
    ]);
    expect((await stored(first.id)).data).toBe('{"n":0}');
    expect(await parts.events.countDocuments({ org_id: org, source_id: 'twin' })).toBe(1);
  });

  it('among new ones in a batch is told apart', async () => {
    const send = (ids: (string | undefined)[]) => key.post(path, { events: ids.map((id) => event({ id })) });
    const first = (await send(['m1', 'm2', undefined])).body.events;
    const second = (await send(['m0', 'm2', undefined, 'm1', 'm3'])).body.events;
    expect(second).toEqual([
      entry('m0'),
      { ...first[1], duplicate: true },
      entry(null),
      { ...first[0], duplicate: true },
      entry('m3'),
    ]);
  });

  it('sent many times at once is one event', async () => {
    const events = Array.from({ length: 20 }, (_, n) => event({ id: `rush-${n}` }));
    const answers = await Promise.all(Array.from({ length: 8 }, () => key.post(path, { events })));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    for (let n = 0; n < events.length; n++) {
      const ones = answers.map(({ body }) => body.events[n] as { id: string; duplicate: boolean });
      expect(new Set(ones.map(({ id }) => id)).size).toBe(1);
      expect(ones.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    }
    expect(await parts.events.countDocuments({ org_id: org, source_id: /^rush-/ })).toBe(20);
  });

  it('in another org is another event', async () => {
    const other = await app.newOrg();
    const first = (await key.post(path, event({ id: 'shared' }))).body.events[0];
    const second = (await app.admin.post(`/orgs/${other}/events`, event({ id: 'shared' }))).body.events[0];
    expect(second).toEqual(entry('shared'));
    expect(second.id).not.toBe(first.id);
  });

  it('is not mistaken for an id of ours', async () => {
    const { id } = (await key.post(path, event())).body.events[0];
    expect((await key.post(path, event({ id }))).body.events[0]).toEqual(entry(id));
  });
});

describe('an Idempotency-Key', () => {
  it('gives the first answer again', async () => {
    const headers = { 'Idempotency-Key': 'batch-1' };
    const events = [event({ id: 'k1' }), event(), event({ id: 'k1' })];
    const first = await key.post(path, { events }, headers);
    const second = await key.post(path, { events }, headers);
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
  });

  it('lets a call that died find its own events when it is repeated', async () => {
    const ids = ['evt_01JBBBBBBBBBBBBBBBBBBBBBB1', 'evt_01JBBBBBBBBBBBBBBBBBBBBBB2', 'evt_01JBBBBBBBBBBBBBBBBBBBBBB3'];
    const input = (id?: string) => ({
      type: 'event.created' as const,
      data: { value: {}, json: '{}' },
      ...(id !== undefined && { id }),
    });
    const inputs = [input('died'), input(), input('died')];
    const run = () => {
      const left = [...ids];
      return parts.ingest(org, inputs, () => left.shift() ?? 'none');
    };
    const first = await run();
    expect(first.map(({ duplicate }) => duplicate)).toEqual([false, false, true]);
    // As if the first had got no further than this.
    await parts.events.deleteOne({ _id: ids[1] });
    expect(await run()).toEqual(first);
  });
});

describe('events and rights', () => {
  it('are sent with ingest', async () => {
    for (const held of ['read', 'review', 'configure']) {
      expect((await (await app.keyOf(org, [held])).post(path, event())).status).toBe(403);
    }
    expect((await app.admin.post(path, event())).status).toBe(202);
  });

  it('are described without faults', () => {
    const document = createOpenApiDocument(parts.routes, { publicUrl: 'http://drawbridge.test' });
    expect(documentFaults(document as unknown as Record<string, unknown>, parts.routes)).toEqual([]);
    expect(document.components?.schemas).toMatchObject({
      NewEvent: {
        required: ['type', 'data'],
        additionalProperties: false,
        properties: { type: { $ref: '#/components/schemas/NewEventType' }, data: { type: 'object' } },
      },
      NewEventType: { enum: [...ingestedEventTypes] },
      NewEvents: { properties: { events: { maxItems: 1000, items: { $ref: '#/components/schemas/NewEvent' } } } },
    });
  });
});

propertySuite('the routes of events', async () => {
  const built = await startTestApp({ routes: ({ models }) => createTestEvents(models).routes });
  const owner = await built.newOrg();
  return { app: built, routes: built.routes, org: owner, ids: {}, bodies: { 'post /orgs/{org}/events': event() } };
});
