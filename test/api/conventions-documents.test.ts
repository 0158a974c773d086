import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultTimings } from '../../src/config/timings.js';
import { errorCodes } from '../../src/http/error-codes.js';
import { evidenceRequestRoutes } from '../../src/evidence-requests/routes.js';
import { createEvidenceRequestService } from '../../src/evidence-requests/service.js';
import { healthRoutes } from '../../src/ops/health/routes.js';
import { documentationRoutes } from '../../src/http/openapi/routes.js';
import type { Route } from '../../src/http/route.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { api, type Api } from '../support/http.js';
import { documentFaults } from '../support/openapi.js';

let app: TestApp;
let root: Api;
let described: Route[];
beforeAll(async () => {
  app = await startTestApp({
    routes: ({ models, metrics }) => {
      const evidenceRequestService = createEvidenceRequestService({
        evidenceRequests: models.evidenceRequests,
      });
      described = [
        ...evidenceRequestRoutes({ evidenceRequestService, ticketOf: () => Promise.resolve(new Map()) }),
        ...healthRoutes({ probes: [], metrics, metricsToken: undefined, timings: defaultTimings }),
      ];
      return [...described, ...documentationRoutes(described, { publicUrl: 'http://drawbridge.test/base' })];
    },
  });
  root = api(app.origin);
});
afterAll(() => app.close());

describe('/openapi.json', () => {
  it('describes every route, and is whole', async () => {
    const { status, body } = await root.get('/openapi.json');
    expect(status).toBe(200);
    expect(documentFaults(body, described)).toEqual([]);
  });

  it('says what a route takes and gives', async () => {
    const { body } = await root.get('/openapi.json');
    const paths = body.paths as Record<string, Record<string, Record<string, unknown>>>;
    const make = paths['/api/v1/orgs/{org}/evidence-requests']?.post;
    expect(make?.requestBody).toMatchObject({
      required: true,
      content: { 'application/json': { schema: { $ref: '#/components/schemas/EvidenceRequestCreate' } } },
    });
    expect(make?.parameters).toContainEqual({ $ref: '#/components/parameters/IdempotencyKey' });
    const created = { required: ['title'], additionalProperties: false };
    expect(body.components).toMatchObject({ schemas: { EvidenceRequestCreate: created } });
    expect(paths['/healthz']?.get?.security).toEqual([]);
  });
});

describe('/docs', () => {
  it('is a page without inline scripts, under a policy that allows none', async () => {
    const { status, body, headers } = await root.get('/docs');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('text/html');
    expect(body).not.toMatch(/<script>|<script [^>]*>[^<]|\son\w+=/);
    expect(headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
  });

  it('has all its files, and no others of that package', async () => {
    const page = await (await fetch(`${app.origin}/docs`)).text();
    const files = [...page.matchAll(/"\/base(\/docs\/[^"]+)"/g)].map(([, path = '']) => path);
    expect(files).toHaveLength(4);
    for (const file of [...files, '/docs/errors.css']) expect((await root.get(file)).status).toBe(200);
    for (const other of ['package.json', 'index.html', '..%2Fpackage.json', 'constructor', '__proto__']) {
      expect((await root.get(`/docs/${other}`)).status).toBe(404);
    }
  });
});

describe('/docs/errors', () => {
  it('explains each code of the API under its own anchor', async () => {
    const { status, body } = await root.get('/docs/errors');
    expect(status).toBe(200);
    const page = String(body);
    const anchors = [...page.matchAll(/<section id="([^"]+)">/g)].map(([, id]) => id);
    expect([...anchors].sort()).toEqual(Object.keys(errorCodes).sort());
    expect(page.match(/What to do:/g)).toHaveLength(anchors.length);
    expect(page).not.toMatch(/<script|\son\w+=|`/);
  });

  it('is where the `type` of a problem leads', async () => {
    const { body } = await root.get('/api/v1/orgs/none');
    const { pathname, hash } = new URL(body.type as string);
    expect(pathname).toBe('/docs/errors');
    expect((await root.get(pathname)).body).toContain(`id="${hash.slice(1)}"`);
  });
});
