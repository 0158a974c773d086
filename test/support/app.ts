import { randomBytes } from 'node:crypto';
import type { Connection } from 'mongoose';
import { createApp } from '../../src/http/app.js';
import { createIdempotency } from '../../src/http/idempotency/idempotency.js';
import { idempotencyModel } from '../../src/http/idempotency/model.js';
import type { Route } from '../../src/http/route.js';
import { listen } from '../../src/http/server.js';
import { createLogger } from '../../src/observability/logger.js';
import { createMetrics, type Metrics } from '../../src/observability/metrics.js';
import { createOrgs } from '../../src/auth/index.js';
import { createCipher } from '../../src/lib/encryption.js';
import { api, type Api } from './http.js';
import { openTestDatabase } from './mongo.js';
import { testTimings } from './timings.js';

export const adminApiKey = 'admin-key-of-the-tests-0123456789';

export interface TestApp {
  /** Without a path. */
  origin: string;
  connection: Connection;
  /** All that the app serves. */
  routes: readonly Route[];
  admin: Api;
  anonymous: Api;
  /** Makes an org, and gives its id. */
  newOrg: () => Promise<string>;
  /** A client with a new key of this org. */
  keyOf: (org: string, permissions: string[], more?: object) => Promise<Api & { key: string; keyId: string }>;
  close: () => Promise<void>;
}

export interface TestAppOptions {
  /** Routes besides those of orgs and keys. */
  routes?: (parts: { connection: Connection; metrics: Metrics }) => Route[];
  rateLimitPerSecond?: number;
  trustedProxies?: string[];
  /** Instead of a fresh one on the run's server. */
  database?: typeof openTestDatabase;
}

/** The API over real HTTP with a database of its own: orgs and keys, and the routes under test. */
export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const { routes = () => [], rateLimitPerSecond = 0, trustedProxies = [], database = openTestDatabase } = options;
  const { connection, close } = await database();
  const logger = createLogger('silent');
  const metrics = createMetrics();
  const orgs = createOrgs({ connection, adminApiKey, logger });
  const records = idempotencyModel(connection);
  const allRoutes = [...orgs.routes, ...routes({ connection, metrics })];
  for (const model of Object.values(connection.models)) await model.createIndexes();
  const http = { host: '127.0.0.1', port: 0, publicUrl: 'http://drawbridge.test', metricsToken: undefined };
  const app = createApp({
    config: { http: { ...http, rateLimitPerSecond, trustedProxies } },
    logger,
    metrics,
    routes: allRoutes,
    authenticate: orgs.authenticate,
    requireOrgAccess: orgs.requireOrgAccess,
    idempotency: createIdempotency({
      records,
      cipher: createCipher({ key: randomBytes(32) }),
      logger,
      timings: testTimings,
    }),
  });
  const server = await listen(app, { host: '127.0.0.1', port: 0, closeWithinMs: 1_000, idleForMs: 0 });
  const origin = `http://127.0.0.1:${server.port}`;
  const admin = api(`${origin}/api/v1`, adminApiKey);
  return {
    origin,
    connection,
    routes: allRoutes,
    admin,
    anonymous: api(`${origin}/api/v1`),
    newOrg: async () => {
      const made = await admin.post('/orgs', { id: `org-${randomBytes(5).toString('hex')}`, name: 'An org' });
      return made.body.id as string;
    },
    keyOf: async (org, permissions, more = {}) => {
      const made = await admin.post(`/orgs/${org}/api-keys`, { name: 'A key', permissions, ...more });
      const key = made.body.key as string;
      return { ...api(`${origin}/api/v1`, key), key, keyId: made.body.id as string };
    },
    close: async () => {
      await server.close();
      await close();
    },
  };
}
