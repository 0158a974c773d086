import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventTypes } from '../../src/events/types.js';
import { createOpenApiDocument } from '../../src/http/openapi/document.js';
import { maxEndpoints } from '../../src/webhooks/endpoints/model.js';
import { dataOf } from '../support/http.js';
import { documentFaults } from '../support/openapi.js';
import {
  input,
  loseLastAnswer,
  pathsOf,
  startWebhooksApp,
  url,
  type WebhooksApp,
} from './webhook-endpoints-harness.js';

let app: WebhooksApp;
beforeAll(async () => {
  app = await startWebhooksApp();
});
afterAll(() => app.close());

describe('an endpoint', () => {
  it('is made with a URL and event types alone, and shows its secret this once', async () => {
    const { path, key } = await app.newSetup();
    const made = await key.post(path, input());
    const { secret, ...shown } = made.body as Record<string, unknown>;
    expect(made.status).toBe(201);
    expect(shown).toEqual({
      id: expect.stringMatching(/^wh_[0-9A-HJKMNP-TV-Z]{26}$/) as string,
      url,
      events: ['event.created'],
      description: '',
      headers: [],
      rate_limit_per_second: null,
      ordered: false,
      enabled: true,
      disabled_reason: null,
      health: {
        status: 'new',
        last_success_at: null,
        last_failure_at: null,
        consecutive_failures: 0,
        pending: 0,
      },
      created_at: expect.stringMatching(/\.\d{3}Z$/) as string,
      updated_at: shown.created_at as string,
    });
    expect(String(secret)).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(Buffer.from(String(secret).slice('whsec_'.length), 'base64')).toHaveLength(32);
    expect(await app.signs(String(shown.id))).toEqual([secret]);
    expect((await key.get(`${path}/${String(shown.id)}`)).body).toEqual(shown);
    expect((await key.get(path)).body).toEqual({ data: [shown], next_cursor: null });
  });

  it('keeps all its fields as they were given, duplicate event types merged', async () => {
    const { key, make } = await app.newSetup();
    const given = {
      url: 'http://Receiver.example:8080/a?b=c&d=%20',
      description: '$where <b> 🦆',
      rate_limit_per_second: 10_000,
      ordered: true,
      enabled: false,
    };
    const events = [...eventTypes].reverse();
    const headers = { Authorization: 'Bearer canary-1', 'X-B.$c': '' };
    const { at, body } = await make({ ...given, events: [...events, ...events], headers });
    expect(body).toMatchObject({ ...given, events, headers: ['Authorization', 'X-B.$c'], disabled_reason: null });
    expect(body.health).toMatchObject({ status: 'disabled' });
    expect((await key.get(at)).body).toEqual(body);
  });

  it.each<[string, object, string]>([
    ['no URL', { url: null }, 'url'],
    ['a URL without a scheme', { url: 'receiver.example/hooks' }, 'url'],
    ['another scheme', { url: 'ftp://receiver.example/canary' }, 'url'],
    ['a user in the URL', { url: 'https://canary@receiver.example/' }, 'url'],
    ['a user and a password in the URL', { url: 'https://u:canary@receiver.example/' }, 'url'],
    ['a fragment', { url: 'https://receiver.example/#canary' }, 'url'],
    ['a URL that is too long', { url: `https://receiver.example/${'canary'.repeat(330)}` }, 'url'],
    ['no event type', { events: [] }, 'events'],
    ['an unknown event type', { events: ['event.created', 'event.canary'] }, 'events[1]'],
    ['event types that are no list', { events: 'event.created' }, 'events'],
    ['a description that is too long', { description: 'canary'.repeat(200) }, 'description'],
    ['headers that are a list', { headers: ['canary'] }, 'headers'],
    ['headers that are null', { headers: null }, 'headers'],
    ['a header of the connection', { headers: { Host: 'canary' } }, 'headers.Host'],
    ['a header of ours', { headers: { 'Webhook-Id': 'canary' } }, 'headers.Webhook-Id'],
    ['a signature', { headers: { 'X-Keeptrusts-Signature': 'canary' } }, 'headers.X-Keeptrusts-Signature'],
    ['a cookie', { headers: { cookie: 'canary' } }, 'headers.cookie'],
    ['a line break in a header', { headers: { 'X-A': 'canary\r\nHost: b' } }, 'headers.X-A'],
    ['no header’s name', { headers: { 'X A': 'canary' } }, 'headers.X A'],
    ['a header twice', { headers: { 'X-A': 'canary', 'x-a': 'b' } }, 'headers.x-a'],
    ['a header that is no text', { headers: { 'X-A': 1 } }, 'headers.X-A'],
    ['a header in many parts', { headers: { 'X-A': ['canary'] } }, 'headers.X-A'],
    ['a limit of none a second', { rate_limit_per_second: 0 }, 'rate_limit_per_second'],
    ['a limit that is no limit', { rate_limit_per_second: 10_001 }, 'rate_limit_per_second'],
    ['half a post a second', { rate_limit_per_second: 1.5 }, 'rate_limit_per_second'],
    ['an order that is a text', { ordered: 'yes' }, 'ordered'],
    ['a secret of its own', { secret: 'canary' }, 'secret'],
    ['an id', { id: 'wh_1' }, 'id'],
    ['an unknown field', { $where: 'canary' }, '$where'],
  ])('is refused with %s, made or changed', async (_name, more, at) => {
    const { path, key, make, org } = await app.newSetup();
    const refused = await key.post(path, input(more));
    expect([refused.status, pathsOf(refused)]).toEqual([422, [at]]);
    expect(refused.body.detail).not.toContain('canary');
    expect((await app.store.list(org, { limit: 2 })).data.length).toBe(0);
    const made = await make();
    const unchanged = await key.patch(made.at, more);
    expect([unchanged.status, pathsOf(unchanged)]).toEqual([422, [at]]);
    expect((await key.get(made.at)).body).toEqual(made.body);
  });

  it('takes a URL of 2,000 characters, and twenty headers but not one more', async () => {
    const { path, key } = await app.newSetup();
    expect((await key.post(path, input({ url: url.padEnd(2000, 'x') }))).status).toBe(201);
    const headers = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`X-${n}`, 'a']));
    expect((await key.post(path, input({ headers: headers(20) }))).body.headers).toHaveLength(20);
    const refused = await key.post(path, input({ headers: headers(21) }));
    expect([refused.status, pathsOf(refused)]).toEqual([422, ['headers']]);
  });

  it('is not made without a URL or event types', async () => {
    const { path, key } = await app.newSetup();
    expect(pathsOf(await key.post(path)).sort()).toEqual(['events', 'url']);
  });

  it('says all that is wrong at once', async () => {
    const { path, key } = await app.newSetup();
    const refused = await key.post(path, { url: 'a', events: [], headers: { Host: 'a', 'X-A': 1, 'X-B': 'b' } });
    expect(pathsOf(refused).sort()).toEqual(['events', 'headers.Host', 'headers.X-A', 'url']);
  });

  it('loses no header, whatever its name', async () => {
    const { path, key } = await app.newSetup();
    const made = await key.post(path, `{"url":"${url}","events":["event.created"],"headers":{"__proto__":"a"}}`);
    expect([made.status, made.body.headers]).toEqual([201, ['__proto__']]);
  });
});

describe('endpoints', () => {
  it('are listed newest first in pages, each with its health by one question', async () => {
    const { org, path, key, make } = await app.newSetup();
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) ids.unshift((await make({ description: `${n}` })).id);
    // Within one millisecond there is no newer one.
    ids.sort().reverse();
    const [newest = '', second = '', oldest = ''] = ids;
    const at = new Date('2026-01-01T00:00:00Z');
    const health = { last_success_at: at, last_failure_at: null, consecutive_failures: 3, pending: 7 };
    app.health.set(second, { status: 'paused', ...health });
    await key.patch(`${path}/${newest}`, { enabled: false });
    app.health.set(newest, { status: 'failing', ...health });
    app.asked.length = 0;
    const first = await key.get(`${path}?limit=2`);
    expect(app.asked).toEqual([[org, [newest, second]]]);
    const shown = { ...health, last_success_at: at.toISOString() };
    expect(dataOf(first).map((one) => [one.id, one.health])).toEqual([
      [newest, { status: 'disabled', ...shown }],
      [second, { status: 'paused', ...shown }],
    ]);
    const next = await key.get(`${path}?limit=2&cursor=${String(first.body.next_cursor)}`);
    expect([dataOf(next).map(({ id }) => id), next.body.next_cursor]).toEqual([[oldest], null]);
    for (const query of ['limit=0', 'limit=201', 'cursor=x', 'status=new']) {
      expect((await key.get(`${path}?${query}`)).status).toBe(422);
    }
  });

  it('are not asked after when an org has none', async () => {
    const { path, key } = await app.newSetup();
    app.asked.length = 0;
    expect((await key.get(path)).body).toEqual({ data: [], next_cursor: null });
    expect(app.asked).toEqual([]);
  });

  it('are five hundred an org at most, also when many are made at once', async () => {
    const { path, key, make, org } = await app.newSetup();
    const one = await app.stored((await make()).id);
    const used = new Set([one.slot]);
    const free = Array.from({ length: maxEndpoints }, (_, slot) => slot).filter((slot) => !used.has(slot));
    const docs = free.slice(0, maxEndpoints - 4).map((slot) => ({ ...one, _id: `wh_${org}_${slot}`, slot }));
    const collection = app.connection.collection('webhook_endpoints');
    await collection.insertMany(docs as never[]);
    const race = await Promise.all(Array.from({ length: 8 }, () => key.post(path, input())));
    const made = race.filter(({ status }) => status === 201);
    const refused = race.filter(({ status }) => status === 409).map(({ body }) => String(body.code));
    expect([made.length, refused]).toEqual([3, Array.from({ length: 5 }, () => 'too_many_endpoints')]);
    expect(await collection.countDocuments({ org_id: org })).toBe(maxEndpoints);
    expect((await key.post(path, input())).body.code).toBe('too_many_endpoints');
    expect((await key.del(`${path}/${String(made[0]?.body.id)}`)).status).toBe(204);
    expect((await key.post(path, input())).status).toBe(201);
  });

  it('are read with read, and changed with configure', async () => {
    const { org, path, make } = await app.newSetup();
    const { id, at, body } = await make();
    const reader = await app.keyOf(org, ['read']);
    expect((await reader.get(path)).body.data).toEqual([body]);
    expect((await reader.get(at)).body).toEqual(body);
    for (const held of ['read', 'review', 'ingest']) {
      const weak = await app.keyOf(org, [held]);
      const answers = [weak.post(path, input()), weak.patch(at, {}), weak.del(at), weak.post(`${at}/rotate-secret`)];
      expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    }
    const ingester = await app.keyOf(org, ['ingest']);
    expect([(await ingester.get(path)).status, (await ingester.get(at)).status]).toEqual([403, 403]);
    expect(await app.store.findIn(org, id)).toMatchObject({ version: 1 });
  });

  it('are not there for another org', async () => {
    const { make } = await app.newSetup();
    const { id, at } = await make();
    const other = await app.newSetup();
    for (const path of [at, `${other.path}/${id}`]) {
      const answers = [
        other.key.get(path),
        other.key.patch(path, { ordered: true }),
        other.key.del(path),
        other.key.post(`${path}/rotate-secret`),
      ];
      expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    }
    expect(await app.stored(id)).toMatchObject({ version: 1, ordered: false });
  });

  it('end for good, and the engine hears of it', async () => {
    const { path, key, make } = await app.newSetup();
    const { id, at } = await make();
    app.changes.length = 0;
    const gone = await key.del(at);
    expect([gone.status, gone.body]).toEqual([204, '']);
    expect(app.changes).toMatchObject([[{ _id: id }, null]]);
    expect([(await key.get(at)).status, (await key.del(at)).status, (await key.patch(at, {})).status]).toEqual([
      404, 404, 404,
    ]);
    expect((await key.get(path)).body.data).toEqual([]);
    expect(await app.store.find(id)).toBeNull();
  });

  it('are described whole', () => {
    const document = createOpenApiDocument(app.routes, { publicUrl: 'http://drawbridge.test' });
    expect(documentFaults(document as unknown as Record<string, unknown>, app.routes)).toEqual([]);
    const { WebhookCreate, WebhookUpdate } = document.components?.schemas ?? {};
    expect(WebhookCreate).toMatchObject({
      required: ['url', 'events'],
      properties: { headers: { type: 'object', maxProperties: 20 }, enabled: { type: 'boolean' } },
    });
    expect(WebhookUpdate).not.toHaveProperty('required');
  });
});

describe('a create with an Idempotency-Key', () => {
  const headers = { 'Idempotency-Key': 'once' };

  it('makes one endpoint, and shows the same secret again', async () => {
    const { path, key, org } = await app.newSetup();
    const first = await key.post(path, input(), headers);
    const again = await key.post(path, input(), headers);
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(await app.signs(String(first.body.id))).toEqual([first.body.secret]);
    expect((await app.store.list(org, { limit: 5 })).data).toHaveLength(1);
    expect(await app.everything()).not.toContain(String(first.body.secret).slice('whsec_'.length));
  });

  it('shows a secret that works when the first answer was lost', async () => {
    const { path, key, org } = await app.newSetup();
    const first = await key.post(path, input(), headers);
    await loseLastAnswer(app);
    const again = await key.post(path, input(), headers);
    const unlike = { secret: expect.any(String) as string, updated_at: expect.any(String) as string };
    expect([again.status, again.body]).toEqual([201, { ...(first.body as object), ...unlike }]);
    expect(again.body.secret).not.toBe(first.body.secret);
    expect(await app.signs(String(first.body.id))).toEqual([again.body.secret]);
    expect((await app.store.list(org, { limit: 5 })).data).toHaveLength(1);
  });

  it('leaves a secret that somebody saw meanwhile its overlap', async () => {
    const { path, key } = await app.newSetup();
    const first = await key.post(path, input(), headers);
    await loseLastAnswer(app);
    const id = String(first.body.id);
    const seen = await key.post(`${path}/${id}/rotate-secret`);
    const again = await key.post(path, input(), headers);
    expect(await app.signs(id)).toEqual([again.body.secret, seen.body.secret]);
  });

  it('finds its endpoint also when the org is full', async () => {
    const { path, key, org } = await app.newSetup();
    const first = await key.post(path, input(), headers);
    await loseLastAnswer(app);
    const one = await app.stored(String(first.body.id));
    const docs = Array.from({ length: maxEndpoints }, (_, slot) => ({ ...one, _id: `wh_${org}_${slot}`, slot }));
    const others = docs.filter(({ slot }) => slot !== one.slot);
    await app.connection.collection('webhook_endpoints').insertMany(others as never[]);
    expect((await key.post(path, input(), headers)).body.id).toBe(first.body.id);
  });
});
