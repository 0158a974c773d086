import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { probeRoutes } from '../support/probe-routes.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ routes: probeRoutes });
});
afterAll(() => app.close());

const type = (contentType: string) => ({ 'Content-Type': contentType });

describe('every answer', () => {
  it('carries a request id, the caller’s own when it is harmless', async () => {
    expect((await app.admin.get('/whoami')).headers.get('x-request-id')).toMatch(/^[\w.-]{1,128}$/);
    expect((await app.admin.get('/whoami', { 'X-Request-Id': 'my.id-1' })).headers.get('x-request-id')).toBe('my.id-1');
    for (const bad of ['x'.repeat(129), 'a b', 'a"b', '<x>']) {
      expect((await app.anonymous.get('/nowhere', { 'X-Request-Id': bad })).headers.get('x-request-id')).not.toBe(bad);
    }
  });

  it('forbids whatever a browser could do with it', async () => {
    const { headers } = await app.admin.get('/whoami');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  });

  it('has no limits in it while they are off', async () => {
    expect((await app.admin.get('/whoami')).headers.has('ratelimit-limit')).toBe(false);
  });
});

describe('problems', () => {
  it('answer unknown paths, inside and outside of the base path', async () => {
    const { status, body, headers } = await app.anonymous.get('/nowhere?x=canary');
    expect(status).toBe(404);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(body).toMatchObject({ status: 404, code: 'not_found', title: 'Not Found' });
    expect((await fetch(app.origin)).status).toBe(404);
  });

  it('name the methods that a path takes', async () => {
    const { status, body, headers } = await app.admin.put('/orgs', {});
    expect([status, body.code]).toEqual([405, 'method_not_allowed']);
    expect(headers.get('allow')).toBe('GET, HEAD, POST');
  });

  it('say nothing about what went wrong inside', async () => {
    const { status, body, headers } = await app.admin.post('/probe/fail', { how: '500' });
    expect([status, body.code]).toEqual([500, 'internal_error']);
    expect(headers.get('x-request-id')).toBeTruthy();
    expect(JSON.stringify(body)).not.toContain('canary');
  });
});

describe('bodies', () => {
  it('reach the handler as they were sent', async () => {
    const data = { $gt: 1, 'a.b': null, nested: [{ __proto__: 1 }] };
    expect((await app.admin.post('/probe/echo', { data })).body.body).toEqual({ data });
    const { body } = await app.admin.post('/probe/echo', '{"data":{"__proto__":{"polluted":true}}}');
    expect(Object.keys((body.body as { data: object }).data)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('are answered 400 when they are not JSON', async () => {
    for (const text of ['{', 'null,', Buffer.from([0x7b, 0xff, 0x7d])]) {
      const { status, body } = await app.admin.post('/probe/echo', text);
      expect([status, body.code]).toEqual([400, 'malformed_json']);
    }
  });

  it('are answered 415 as anything but JSON, and when they are encoded', async () => {
    expect((await app.admin.post('/probe/echo', '{}', type('text/plain'))).status).toBe(415);
    expect((await app.admin.post('/probe/echo', 'x', { 'Content-Encoding': 'gzip' })).status).toBe(415);
    expect((await app.anonymous.post('/probe/raw', 'x', { 'Content-Encoding': 'br' })).status).toBe(415);
  });

  it('are answered 422 with each wrong or unknown field by its path', async () => {
    const { status, body } = await app.admin.post('/probe/echo', { text: 5, more: 1 });
    expect([status, body.code]).toEqual([422, 'validation_failed']);
    expect((body.errors as { path: string }[]).map((error) => error.path).sort()).toEqual(['more', 'text']);
    for (const other of ['[]', 'null', '"x"', '5'])
      expect((await app.admin.post('/probe/echo', other)).status).toBe(422);
  });

  it('may be left out, or be {}, where nothing is required', async () => {
    expect((await app.admin.post('/probe/nothing')).status).toBe(204);
    expect((await app.admin.post('/probe/nothing', {})).status).toBe(204);
    expect((await app.admin.post('/probe/echo')).status).toBe(201);
    const { status, body } = await app.admin.post('/probe/nothing', { x: 1 });
    expect([status, body.errors]).toEqual([422, [{ path: 'x', message: 'is not a known field' }]]);
  });

  it('stay the bytes they were for a handler that verifies them, whatever their type', async () => {
    const bytes = Buffer.from([0, 255, 13, 10, 123]);
    const { body } = await app.anonymous.post('/probe/raw', bytes, type('text/weird'));
    expect(body.hex).toBe(bytes.toString('hex'));
  });
});

describe('queries', () => {
  it('have their defaults, and bad values are answered 422', async () => {
    expect((await app.admin.get('/probe/list')).body).toEqual({ limit: 50 });
    expect((await app.admin.get('/probe/list?limit=7')).body).toEqual({ limit: 7 });
    for (const query of [
      'limit=0',
      'limit=201',
      'limit=x',
      'limit=',
      'limit=1&limit=2',
      'other=1',
      '__proto__=1',
      'limit[$gt]=1',
    ]) {
      const { status, body } = await app.admin.get(`/probe/list?${query}`);
      expect([query, status, body.code]).toEqual([query, 422, 'validation_failed']);
    }
  });
});
