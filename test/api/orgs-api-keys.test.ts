import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isWellFormedKey } from '../../src/auth/key-format.js';
import { adminApiKey, startTestApp, type TestApp } from '../support/app.js';
import { probeRoutes } from '../support/probe-routes.js';

let app: TestApp;
let org: string;
beforeAll(async () => {
  app = await startTestApp({ routes: probeRoutes });
  org = await app.newOrg();
});
afterAll(() => app.close());

const soon = (ms: number) => new Date(Date.now() + ms).toISOString();

describe('API keys', () => {
  it('are shown once, and only their beginning afterwards', async () => {
    const { status, body } = await app.admin.post(`/orgs/${org}/api-keys`, {
      name: 'CI',
      permissions: ['read', 'ingest', 'read'],
    });
    expect(status).toBe(201);
    expect(isWellFormedKey(body.key as string)).toBe(true);
    const { key, ...rest } = body as { key: string };
    const listed = (await app.admin.get(`/orgs/${org}/api-keys`)).body.data as { id: string }[];
    expect(listed.find((each) => each.id === body.id)).toEqual(rest);
    expect(rest).toMatchObject({
      name: 'CI',
      prefix: key.slice(0, 10),
      permissions: ['read', 'ingest'],
      last_used_at: null,
    });
    expect(JSON.stringify(await app.connection.collection('api_keys').find().toArray())).not.toContain(key);
  });

  it.each([
    [{ name: 'A' }],
    [{ name: 'A', permissions: [] }],
    [{ name: 'A', permissions: ['admin'] }],
    [{ name: '', permissions: ['read'] }],
    [{ name: 'A', permissions: ['read'], expires_at: '2020-01-01T00:00:00Z' }],
    [{ name: 'A', permissions: ['read'], expires_at: 'tomorrow' }],
    [{ name: 'A', permissions: ['read'], acts_as: { id: 'x' } }],
    [{ name: 'A', permissions: ['read'], org_id: 'other' }],
  ])('are refused as %j', async (input) => {
    expect((await app.admin.post(`/orgs/${org}/api-keys`, input)).status).toBe(422);
  });

  it('end at once when deleted, and are 404 after', async () => {
    const key = await app.keyOf(org, ['read']);
    expect((await key.get('/whoami')).status).toBe(200);
    expect((await app.admin.del(`/orgs/${org}/api-keys/${key.keyId}`)).status).toBe(204);
    expect((await key.get('/whoami')).status).toBe(401);
    expect((await app.admin.del(`/orgs/${org}/api-keys/${key.keyId}`)).status).toBe(404);
  });

  it('end within seconds when another process deleted them', async () => {
    const key = await app.keyOf(org, ['read']);
    expect((await key.get('/whoami')).status).toBe(200);
    await app.connection.collection('api_keys').deleteOne({ _id: key.keyId as never });
    await sleep(2_100);
    expect((await key.get('/whoami')).status).toBe(401);
  });

  it('end when they expire', async () => {
    const expiresAt = soon(5_000);
    const key = await app.keyOf(org, ['read'], { expires_at: expiresAt });
    expect((await key.get('/whoami')).status).toBe(200);
    await sleep(Date.parse(expiresAt) - Date.now() + 100);
    expect((await key.get('/whoami')).status).toBe(401);
  });

  it('note when they were used, without the call waiting for it', async () => {
    const key = await app.keyOf(org, ['read']);
    await key.get('/whoami');
    await expect
      .poll(async () => {
        const { body } = await app.admin.get(`/orgs/${org}/api-keys?limit=200`);
        return (body.data as { id: string; last_used_at: string | null }[]).find(({ id }) => id === key.keyId)
          ?.last_used_at;
      })
      .toMatch(/Z$/);
  });

  it('make others of their org when they may configure, but none that outlives them', async () => {
    const lasting = await app.keyOf(org, ['configure']);
    expect((await lasting.post(`/orgs/${org}/api-keys`, { name: 'A', permissions: ['ingest'] })).status).toBe(201);
    const ending = await app.keyOf(org, ['configure'], { expires_at: soon(60_000) });
    const make = (more: object) => ending.post(`/orgs/${org}/api-keys`, { name: 'A', permissions: ['read'], ...more });
    expect((await make({})).status).toBe(403);
    expect((await make({ expires_at: soon(120_000) })).status).toBe(403);
    expect((await make({ expires_at: soon(30_000) })).status).toBe(201);
  });

  it('come in the Authorization header as a bearer, in any case of that word', async () => {
    const key = await app.keyOf(org, ['read']);
    for (const scheme of ['Bearer', 'bearer', 'BEARER ']) {
      expect((await app.anonymous.get('/whoami', { Authorization: `${scheme} ${key.key}` })).status).toBe(200);
    }
    for (const wrong of [
      key.key,
      `Basic ${key.key}`,
      'Bearer',
      `Bearer ${key.key}x`,
      `Bearer ${adminApiKey} `.trim() + 'x',
    ]) {
      const refused = await app.anonymous.get('/whoami', { Authorization: wrong });
      expect([refused.status, refused.body.code, refused.headers.get('www-authenticate')]).toEqual([
        401,
        'unauthorized',
        'Bearer',
      ]);
    }
  });
});

describe('whoami', () => {
  it('says what a key is', async () => {
    const key = await app.keyOf(org, ['review'], { name: 'Bot' });
    expect((await key.get('/whoami')).body).toEqual({
      org: { id: org, name: 'An org' },
      admin: false,
      permissions: ['review'],
      actor: { id: key.keyId, name: 'Bot', via: key.keyId },
    });
  });

  it('says what the admin key is', async () => {
    const { body } = await app.admin.get('/whoami');
    expect(body).toMatchObject({ org: null, admin: true, actor: { id: 'admin', via: 'admin' } });
  });

  it('names whom a key acts as, or the person that a may_act key names', async () => {
    const fixed = await app.keyOf(org, ['read'], { acts_as: { id: 'u-1', name: 'Ada', email: 'ada@example.com' } });
    expect((await fixed.get('/whoami')).body.actor).toEqual({ id: 'u-1', name: 'Ada', via: fixed.keyId });
    expect((await fixed.get('/whoami', { 'X-Actor-Id': 'u-2' })).status).toBe(403);
    const acting = await app.keyOf(org, ['read'], { may_act: true });
    const named = await acting.get('/whoami', { 'X-Actor-Id': 'u-2', 'X-Actor-Name': 'Grace' });
    expect(named.body.actor).toEqual({ id: 'u-2', name: 'Grace', via: acting.keyId });
    expect((await acting.get('/whoami', { 'X-Actor-Id': 'x'.repeat(201) })).status).toBe(422);
    const latin = await acting.get('/whoami', { 'X-Actor-Id': 'u-3', 'X-Actor-Name': 'Zoë' });
    expect(latin.body.actor).toMatchObject({ name: 'Zoë' });
  });
});
