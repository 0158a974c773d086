import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { probeRoutes } from '../support/probe-routes.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ routes: probeRoutes });
});
afterAll(() => app.close());

const withKey = (key: string) => ({ 'Idempotency-Key': key });
const records = () => app.connection.collection('idempotency_records');

describe('an Idempotency-Key', () => {
  it('gives the first answer again, byte by byte', async () => {
    const key = withKey(randomUUID());
    const first = await app.admin.post('/probe/echo', { text: 'a' }, key);
    const again = await app.admin.post('/probe/echo', { text: 'a' }, key);
    expect([again.status, again.body]).toEqual([first.status, first.body]);
    expect(again.headers.get('location')).toBe('/x');
    expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'));
    expect([first.headers.get('idempotent-replayed'), again.headers.get('idempotent-replayed')]).toEqual([
      null,
      'true',
    ]);
    expect(again.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'));
  });

  it('refuses another body', async () => {
    const key = withKey(randomUUID());
    await app.admin.post('/probe/echo', { text: 'a' }, key);
    const { status, body } = await app.admin.post('/probe/echo', { text: 'b' }, key);
    expect([status, body.code]).toEqual([422, 'idempotency_key_reused']);
  });

  it('is the caller’s own, and the path’s', async () => {
    const key = withKey(randomUUID());
    const org = await app.newOrg();
    const one = await app.keyOf(org, ['read']);
    const two = await app.keyOf(org, ['read']);
    const calls = [
      await one.post('/probe/echo', { text: 'a' }, key),
      await two.post('/probe/echo', { text: 'b' }, key),
      await one.post('/probe/slow', {}, key),
    ];
    for (const { headers } of calls) expect(headers.has('idempotent-replayed')).toBe(false);
  });

  it('runs a request once, however often it comes at the same time', async () => {
    const key = withKey(randomUUID());
    const answers = await Promise.all(Array.from({ length: 5 }, () => app.admin.post('/probe/slow', undefined, key)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const refused = answers.filter(({ status }) => status === 409);
    expect(refused.map(({ body }) => body.code as string)).toEqual(
      Array.from({ length: 4 }, () => 'idempotency_in_progress'),
    );
  });

  it('keeps a refusal that would come again, as the problem it was', async () => {
    const key = withKey(randomUUID());
    const first = await app.admin.post('/probe/fail', { how: '409' }, key);
    const again = await app.admin.post('/probe/fail', { how: '409' }, key);
    expect([again.status, again.body]).toEqual([409, first.body]);
    expect(again.headers.get('content-type')).toBe('application/problem+json');
  });

  it('does not keep 403 and 5xx: they run again, with the same ids', async () => {
    for (const how of ['403', '500']) {
      const key = withKey(randomUUID());
      const first = await app.admin.post('/probe/fail', { how }, key);
      const again = await app.admin.post('/probe/fail', { how }, key);
      expect(again.status).toBe(Number(how));
      expect(again.headers.has('idempotent-replayed')).toBe(false);
      const idIn = (detail: unknown) => String(detail).split(' ')[2];
      if (how === '403') expect(idIn(again.body.detail)).toBe(idIn(first.body.detail));
    }
  });

  it('is no use to a request that was never run: 422 leaves no record', async () => {
    const key = withKey(randomUUID());
    const before = await records().countDocuments();
    expect((await app.admin.post('/probe/echo', { text: 5 }, key)).status).toBe(422);
    expect(await records().countDocuments()).toBe(before);
    expect((await app.admin.post('/probe/echo', { text: 'a' }, key)).status).toBe(201);
  });

  it('of a run that died is taken over after its lease, and makes the same ids', async () => {
    const key = withKey(randomUUID());
    const first = await app.admin.post('/probe/echo', { text: 'a' }, key);
    const [record] = await records().find().sort({ created_at: -1 }).limit(1).toArray();
    const crashed = { state: 'running', answer: null, lease_until: new Date(Date.now() + 60_000) };
    await records().updateOne({ _id: record?._id }, { $set: crashed });
    expect((await app.admin.post('/probe/echo', { text: 'a' }, key)).status).toBe(409);
    await records().updateOne({ _id: record?._id }, { $set: { lease_until: new Date(Date.now() - 1) } });
    const taken = await app.admin.post('/probe/echo', { text: 'a' }, key);
    expect(taken.body.ids).toEqual(first.body.ids);
    expect(taken.body.calls).not.toBe(first.body.calls);
    expect(new Set(first.body.ids as string[]).size).toBe(3);
  });

  it('is forgotten after a day, with its ids', async () => {
    const key = withKey(randomUUID());
    const first = await app.admin.post('/probe/echo', { text: 'a' }, key);
    const [record] = await records().find().sort({ created_at: -1 }).limit(1).toArray();
    expect((record?.expires_at as Date).getTime() - (record?.created_at as Date).getTime()).toBe(24 * 3_600_000);
    await records().updateOne({ _id: record?._id }, { $set: { expires_at: new Date(Date.now() - 1) } });
    const later = await app.admin.post('/probe/echo', { text: 'b' }, key);
    expect(later.status).toBe(201);
    expect(later.body.ids).not.toEqual(first.body.ids);
  });

  it('has 1 to 255 characters', async () => {
    expect((await app.admin.post('/probe/echo', {}, withKey('x'.repeat(255)))).status).toBe(201);
    expect((await app.admin.post('/probe/echo', {}, withKey('x'.repeat(256)))).status).toBe(422);
  });

  it('keeps neither the key, nor the body, nor the answer readable', async () => {
    const org = await app.newOrg();
    const made = await app.admin.post(
      `/orgs/${org}/api-keys`,
      { name: 'canary', permissions: ['read'] },
      withKey('my-key-1'),
    );
    const kept = JSON.stringify(await records().find().toArray());
    for (const secret of ['my-key-1', 'canary', made.body.key as string]) expect(kept).not.toContain(secret);
    const again = await app.admin.post(
      `/orgs/${org}/api-keys`,
      { name: 'canary', permissions: ['read'] },
      withKey('my-key-1'),
    );
    expect(again.body.key).toBe(made.body.key);
  });
});
