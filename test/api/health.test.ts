import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultTimings } from '../../src/config/timings.js';
import type { Probe } from '../../src/ops/health/probe.js';
import { healthRoutes } from '../../src/ops/health/routes.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { api, type Api } from '../support/http.js';

let checks: Record<Probe['id'], () => Promise<string>>;
const healthy = {
  mongodb: () => Promise.resolve('ok'),
  temporal: () => Promise.resolve('ok'),
  worker: () => Promise.resolve('1 alive'),
};
const probes: Probe[] = (['mongodb', 'temporal', 'worker'] as const).map((id) => ({ id, check: () => checks[id]() }));

let app: TestApp;
let guarded: TestApp;
let root: Api;
beforeAll(async () => {
  checks = healthy;
  const timings = defaultTimings;
  app = await startTestApp({
    routes: ({ metrics }) => healthRoutes({ probes, metrics, metricsToken: undefined, timings }),
  });
  guarded = await startTestApp({
    routes: ({ metrics }) => healthRoutes({ probes, metrics, metricsToken: 'scraper-token', timings }),
  });
  root = api(app.origin);
});
afterAll(async () => {
  await app.close();
  await guarded.close();
});

describe('/healthz', () => {
  it('only says that the process is alive', async () => {
    checks = { ...healthy, mongodb: () => Promise.reject(new Error('away')) };
    expect((await root.get('/healthz')).status).toBe(200);
  });
});

describe('/readyz', () => {
  it('is 200 with each part by its name', async () => {
    checks = healthy;
    const { status, body } = await root.get('/readyz');
    expect(status).toBe(200);
    expect(body).toEqual({
      ready: true,
      checks: [
        { id: 'mongodb', status: 'ready', detail: 'ok' },
        { id: 'temporal', status: 'ready', detail: 'ok' },
        { id: 'worker', status: 'ready', detail: '1 alive' },
      ],
    });
  });

  it('is 503 when one is away or hangs, within its bound, and without the error’s words', async () => {
    checks = {
      ...healthy,
      temporal: () => Promise.reject(new Error('canary')),
      worker: () => new Promise(() => undefined),
    };
    const startedAt = Date.now();
    const { status, body } = await root.get('/readyz');
    expect(Date.now() - startedAt).toBeLessThan(10_000);
    expect([status, body.ready]).toEqual([503, false]);
    expect((body.checks as { status: string }[]).map((check) => check.status)).toEqual([
      'ready',
      'unavailable',
      'unavailable',
    ]);
    expect(JSON.stringify(body)).not.toContain('canary');
  });

  it('survives a probe that throws at once', async () => {
    checks = {
      ...healthy,
      temporal: () => {
        throw new Error('now');
      },
    };
    expect((await root.get('/readyz')).status).toBe(503);
  });
});

describe('/metrics', () => {
  it('counts requests by route and status, and never by path', async () => {
    await app.anonymous.get('/orgs/canary-org');
    await app.anonymous.get('/canary-path');
    const { status, body, headers } = await root.get('/metrics');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('text/plain');
    expect(body).toContain(
      'http_request_duration_seconds_count{method="GET",route="/api/v1/orgs/{org}",status="401"} 1',
    );
    expect(body).toContain('route="unmatched"');
    expect(body).toContain('process_cpu_seconds_total');
    expect(body).not.toContain('canary');
  });

  it('is for this machine only without a token, also behind a proxy on it', async () => {
    expect((await root.get('/metrics', { 'X-Forwarded-For': '203.0.113.9' })).status).toBe(403);
  });

  it('needs the token when there is one', async () => {
    const at = api(guarded.origin);
    expect((await at.get('/metrics')).status).toBe(401);
    expect((await at.get('/metrics', { Authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await at.get('/metrics', { Authorization: 'Bearer scraper-token' })).status).toBe(200);
  });
});
