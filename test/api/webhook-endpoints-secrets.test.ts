import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId, type IdPrefix } from '../../src/lib/ids.js';
import { createCipher, EncryptionError } from '../../src/lib/encryption.js';
import { openHeaders, signingSecrets } from '../../src/webhooks/endpoints/secrets.js';
import { createEndpointService } from '../../src/webhooks/endpoints/service.js';
import { input, loseLastAnswer, pathsOf, startWebhooksApp, type WebhooksApp } from './webhook-endpoints-harness.js';

let app: WebhooksApp;
beforeAll(async () => {
  app = await startWebhooksApp();
});
afterAll(() => app.close());

const day = 86_400_000;
const inMs = (answer: { body: Record<string, unknown> }) =>
  Date.parse(String(answer.body.previous_expires_at)) - Date.now();

/** A service whose first so many calls all read the endpoint before one of them writes. */
function readingConcurrently(calls: number) {
  let reads = 0;
  let go: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (go = resolve));
  const store = {
    ...app.store,
    async findIn(orgId: string, id: string) {
      const found = await app.store.findIn(orgId, id);
      if (++reads === calls) go();
      await gate;
      return found;
    },
  };
  const audit = app.audit;
  const changed = () => Promise.resolve();
  const caller = { kind: 'admin', actor: { id: 'ana', name: 'Ana', via: 'admin' } } as const;
  return {
    service: createEndpointService({ store, cipher: app.cipher, audit, changed }),
    by: () => ({ caller, newId: (prefix: IdPrefix) => newId(prefix) }),
  };
}

describe('a rotation', () => {
  it('lets both secrets sign for a day, the new one first', async () => {
    const { key, make } = await app.newSetup();
    const { id, at, secret } = await make();
    const rotated = await key.post(`${at}/rotate-secret`);
    expect(rotated.status).toBe(200);
    expect(Object.keys(rotated.body as object).sort()).toEqual(['previous_expires_at', 'secret']);
    expect(rotated.body.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(Math.abs(inMs(rotated) - day)).toBeLessThan(10_000);
    expect(await app.signs(id)).toEqual([rotated.body.secret, secret]);
    const end = new Date(String(rotated.body.previous_expires_at));
    expect(await app.signs(id, new Date(end.getTime() - 1))).toHaveLength(2);
    expect(await app.signs(id, end)).toEqual([rotated.body.secret]);
  });

  it('takes an overlap of up to a week, or none', async () => {
    const { key, make } = await app.newSetup();
    const { id, at } = await make();
    const week = await key.post(`${at}/rotate-secret`, { overlap_seconds: 604_800 });
    expect(Math.abs(inMs(week) - 7 * day)).toBeLessThan(10_000);
    const none = await key.post(`${at}/rotate-secret`, { overlap_seconds: 0 });
    expect(none.body.previous_expires_at).toBeNull();
    expect(await app.signs(id)).toEqual([none.body.secret]);
    expect((await app.stored(id)).secrets).toHaveLength(1);
    for (const overlap_seconds of [-1, 604_801, 1.5, '60', null]) {
      const refused = await key.post(`${at}/rotate-secret`, { overlap_seconds });
      expect([refused.status, pathsOf(refused)]).toEqual([422, ['overlap_seconds']]);
    }
    expect((await key.post(`${at}/rotate-secret`, { secret: 'mine' })).status).toBe(422);
    expect(await app.signs(id)).toEqual([none.body.secret]);
  });

  it('again within an overlap drops the oldest', async () => {
    const { key, make } = await app.newSetup();
    const { id, at, secret } = await make();
    const first = await key.post(`${at}/rotate-secret`);
    const second = await key.post(`${at}/rotate-secret`, { overlap_seconds: 60 });
    expect(inMs(second)).toBeLessThanOrEqual(60_000);
    expect(await app.signs(id)).toEqual([second.body.secret, first.body.secret]);
    expect(await app.signs(id)).not.toContain(secret);
  });

  it('at the same time as another keeps both secrets that were shown', async () => {
    const { org, make } = await app.newSetup();
    const { id } = await make();
    const { service, by } = readingConcurrently(2);
    const [one, other] = await Promise.all([
      service.rotateSecret(org, id, 60, by()),
      service.rotateSecret(org, id, 60, by()),
    ]);
    expect((await app.signs(id)).sort()).toEqual([one.secret, other.secret].sort());
    expect(await app.stored(id)).toMatchObject({ version: 3 });
  });

  it('at the same time as changes is lost to none of them', async () => {
    const { org, make } = await app.newSetup();
    const { id, secret } = await make({ headers: { 'X-A': 'a' } });
    const { service, by } = readingConcurrently(3);
    const [rotated] = await Promise.all([
      service.rotateSecret(org, id, 60, by()),
      service.update(org, id, { enabled: false }, by().caller),
      service.update(org, id, { headers: [{ name: 'X-B', value: 'b' }] }, by().caller),
    ]);
    expect(await app.signs(id)).toEqual([rotated.secret, secret]);
    const now = await app.stored(id);
    expect(now).toMatchObject({ enabled: false, headers: [{ name: 'X-B' }], version: 4 });
  });

  it('repeated with its Idempotency-Key is one rotation', async () => {
    const { key, make } = await app.newSetup();
    const { id, at, secret } = await make();
    const headers = { 'Idempotency-Key': 'once' };
    const first = await key.post(`${at}/rotate-secret`, undefined, headers);
    expect((await key.post(`${at}/rotate-secret`, undefined, headers)).body).toEqual(first.body);
    expect(await app.signs(id)).toEqual([first.body.secret, secret]);
  });

  it('repeated after a crash still leaves the receiver the secret that it knows', async () => {
    const { key, make } = await app.newSetup();
    const { id, at, secret } = await make();
    const headers = { 'Idempotency-Key': 'died' };
    const lost = await key.post(`${at}/rotate-secret`, undefined, headers);
    await loseLastAnswer(app);
    const again = await key.post(`${at}/rotate-secret`, undefined, headers);
    expect(again.body.secret).not.toBe(lost.body.secret);
    expect(again.body.previous_expires_at).toBe(lost.body.previous_expires_at);
    expect(await app.signs(id)).toEqual([again.body.secret, secret]);
  });
});

describe('secrets and values of headers', () => {
  it('are never in MongoDB in clear, and never shown again', async () => {
    const { path, key, make, org } = await app.newSetup();
    const { at, secret, id } = await make({ headers: { Authorization: 'Bearer canary-header' } });
    const rotated = await key.post(`${at}/rotate-secret`, undefined, { 'Idempotency-Key': 'kept' });
    const shown = [
      await key.get(path),
      await key.get(at),
      await key.patch(at, { description: 'a' }),
      await key.get(`/orgs/${org}/audit`),
    ];
    const text = (await app.everything()) + JSON.stringify(shown.map(({ body }) => body as unknown));
    expect(text).toContain(id);
    for (const hidden of [secret, String(rotated.body.secret)]) {
      expect(text).not.toContain(hidden.slice('whsec_'.length));
      expect(text).not.toContain(Buffer.from(hidden.slice('whsec_'.length), 'base64').toString('hex'));
    }
    expect(text).not.toContain('canary-header');
  });

  it('open in their own place only, and with the key that sealed them only', async () => {
    const { make } = await app.newSetup();
    const one = await app.stored((await make({ headers: { 'X-A': 'a', 'X-B': 'b' } })).id);
    const other = await app.stored((await make({ headers: { 'X-A': 'c' } })).id);
    const now = new Date();
    const elsewhere = [
      { ...one, _id: other._id },
      { ...one, org_id: 'other' },
    ];
    for (const moved of elsewhere) {
      expect(() => signingSecrets(moved, app.cipher, now)).toThrow(EncryptionError);
      expect(() => openHeaders(moved, app.cipher)).toThrow(EncryptionError);
    }
    const [a, b] = one.headers;
    const swapped = { ...one, headers: [{ name: 'X-A', sealed: b?.sealed ?? '' }] };
    expect(() => openHeaders(swapped, app.cipher)).toThrow(EncryptionError);
    expect(openHeaders({ ...one, headers: [{ name: 'x-a', sealed: a?.sealed ?? '' }] }, app.cipher)).toEqual({
      'x-a': 'a',
    });
    expect(() => signingSecrets(one, createCipher({ key: randomBytes(32) }), now)).toThrow(EncryptionError);
  });

  it('can be set again when their key is gone', async () => {
    const { key, make } = await app.newSetup();
    const { at, id } = await make({ headers: { 'X-A': 'a' } });
    const foreign = createCipher({ key: randomBytes(32) }).encrypt('a', { org: 'a', record: 'b', field: 'c' });
    await app.connection
      .collection('webhook_endpoints')
      .updateOne({ _id: id as never }, { $set: { 'headers.0.sealed': foreign, 'secrets.0.sealed': foreign } });
    expect((await key.get(at)).status).toBe(200);
    expect((await key.patch(at, { headers: { 'X-A': 'a' } })).status).toBe(200);
    expect(openHeaders(await app.stored(id), app.cipher)).toEqual({ 'X-A': 'a' });
    const { body } = await key.post(`${at}/rotate-secret`, { overlap_seconds: 0 });
    expect(await app.signs(id)).toEqual([body.secret]);
  });
});

describe('the store of endpoints', () => {
  it('finds the enabled endpoints of many orgs by one query, without secrets', async () => {
    const [one, two, three] = [await app.newSetup(), await app.newSetup(), await app.newSetup()];
    const a = await one.make({ events: ['event.created', 'config.deployed'], ordered: true });
    const b = await one.make({ rate_limit_per_second: 5, headers: { 'X-A': 'a' } });
    const c = await two.make();
    await two.make({ enabled: false });
    await three.make();
    const found = await app.store.forEvents([one.org, two.org, one.org, 'org-without']);
    expect(found.map(({ _id }) => _id).sort()).toEqual([a.id, b.id, c.id].sort());
    expect(found.find(({ _id }) => _id === a.id)).toEqual({
      _id: a.id,
      org_id: one.org,
      events: ['event.created', 'config.deployed'],
      ordered: true,
      rate_limit_per_second: null,
      version: 1,
      partition: (await app.stored(a.id)).partition,
    });
    expect(await app.store.forEvents([])).toEqual([]);
  });

  it('serves the look-ups of fanning out and of lists by an index', async () => {
    const { org, make } = await app.newSetup();
    await make();
    const collection = app.connection.collection('webhook_endpoints');
    const reading = [
      collection.find({ org_id: { $in: [org, 'other'] }, enabled: true }),
      collection.find({ org_id: org }).sort({ _id: -1 }),
    ];
    for (const read of reading) {
      const plan = JSON.stringify(await read.explain('queryPlanner'));
      expect(plan).toContain('IXSCAN');
      expect(plan).not.toContain('COLLSCAN');
    }
  });

  it('disables an endpoint once, and only as it was seen', async () => {
    const { make } = await app.newSetup();
    const { id } = await make();
    expect(await app.store.disable(id, 'gone', { version: 2 })).toBeNull();
    const disabled = await app.store.disable(id, 'gone', { version: 1 });
    expect(disabled).toMatchObject({ enabled: false, disabled_reason: 'gone', version: 2 });
    expect(disabled?.disabled_at).toBeInstanceOf(Date);
    expect(await app.store.disable(id, 'failing')).toBeNull();
    expect(await app.stored(id)).toEqual(disabled);
    expect(await app.store.disable('wh_none', 'gone')).toBeNull();
  });

  it('spreads endpoints over the partitions', async () => {
    const { key, path } = await app.newSetup();
    const made = await Promise.all(Array.from({ length: 20 }, () => key.post(path, input())));
    const docs = await Promise.all(made.map(({ body }) => app.stored(String(body.id))));
    expect(new Set(docs.map(({ partition }) => partition)).size).toBeGreaterThan(5);
    expect(new Set(docs.map(({ slot }) => slot)).size).toBe(20);
  });
});
