import { randomBytes } from 'node:crypto';
import type { Connection } from 'mongoose';
import { createApiKeyService } from '../../src/auth/api-key-service.js';
import { apiKeyRoutes } from '../../src/auth/api-key-routes.js';
import { createAudit, type Audit } from '../../src/auth/audit/audit.js';
import { createChain } from '../../src/auth/audit/chain.js';
import { createAuditLog } from '../../src/auth/audit/log.js';
import { auditRoutes } from '../../src/auth/audit/routes.js';
import { createTrail } from '../../src/auth/audit/trail.js';
import { createAuthenticate } from '../../src/auth/authenticate.js';
import { createKeyCache } from '../../src/auth/key-cache.js';
import { createLastUsed } from '../../src/auth/last-used.js';
import { createOrgService } from '../../src/auth/org-service.js';
import { createRefusedKeys } from '../../src/auth/refused-keys.js';
import { createOrgAccess } from '../../src/auth/require-org-access.js';
import { orgRoutes } from '../../src/auth/routes.js';
import { whoamiRoute } from '../../src/auth/whoami-route.js';
import { ensureIndexes } from '../../src/db/indexes.js';
import { createApp } from '../../src/http/app.js';
import { createSubjectReader } from '../../src/http/audit-subjects.js';
import { createIdempotency } from '../../src/http/idempotency/idempotency.js';
import type { Route } from '../../src/http/route.js';
import { listen } from '../../src/http/server.js';
import { createLogger, type Logger } from '../../src/observability/logger.js';
import { createMetrics, type Metrics } from '../../src/observability/metrics.js';
import { createCipher, type Cipher } from '../../src/lib/encryption.js';
import type { Models } from '../../src/models.js';
import { compareWithDocument } from './documented-answers.js';
import { api, type Api } from './http.js';
import { openTestDatabase } from './mongo.js';
import { testTimings } from './timings.js';

export const adminApiKey = 'admin-key-of-the-tests-0123456789';

/** What the routes under test are built of. */
export interface TestParts {
  connection: Connection;
  models: Models;
  audit: Audit;
  cipher: Cipher;
  logger: Logger;
  metrics: Metrics;
}

export interface TestApp extends TestParts {
  /** Without a path. */
  origin: string;
  /** All that the app serves. */
  routes: readonly Route[];
  admin: Api;
  anonymous: Api;
  /** Makes an org, and gives its id. */
  newOrg: () => Promise<string>;
  /** A client with a new key of this org. */
  keyOf: (org: string, permissions: string[], more?: object) => Promise<Api & { key: string; keyId: string }>;
  /** @throws Error when an answer was not as its route documents it */
  close: () => Promise<void>;
}

export interface TestAppOptions {
  /** Routes besides those of orgs and keys. */
  routes?: (parts: TestParts) => Route[];
  rateLimitPerSecond?: number;
  trustedProxies?: string[];
  /** Instead of a fresh one on the run's server. */
  database?: typeof openTestDatabase;
}

/** The API over real HTTP with a database of its own: orgs and keys, and the routes under test. */
export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const { routes = () => [], rateLimitPerSecond = 0, trustedProxies = [], database = openTestDatabase } = options;
  const { connection, models, close } = await database();
  const logger = createLogger('silent');
  const metrics = createMetrics();
  const cipher = createCipher({ key: randomBytes(32) });
  const { auditEntries: entries, auditIntents: intents } = models;
  const chain = createChain(entries);
  const audit = createAudit({ entries, chain });
  const keys = createKeyCache(models.apiKeys);
  const { authenticate } = createAuthenticate({
    adminApiKey,
    keys,
    used: createLastUsed(models.apiKeys, logger),
    refused: createRefusedKeys(audit, logger),
  });
  const orgService = createOrgService({ orgs: models.orgs, audit });
  const parts: TestParts = { connection, models, audit, cipher, logger, metrics };
  const documented = compareWithDocument();
  const allRoutes = [
    ...orgRoutes({ orgService }),
    ...apiKeyRoutes({ apiKeyService: createApiKeyService({ apiKeys: models.apiKeys, keys, audit }) }),
    ...auditRoutes({ log: createAuditLog({ entries, chain }) }),
    whoamiRoute({ orgService }),
    ...routes(parts),
  ];
  await ensureIndexes(connection);
  const http = { host: '127.0.0.1', port: 0, publicUrl: 'http://drawbridge.test', metricsToken: undefined };
  const app = createApp({
    config: { http: { ...http, rateLimitPerSecond, trustedProxies } },
    logger,
    metrics,
    routes: allRoutes.map(documented.watch),
    authenticate,
    requireOrgAccess: createOrgAccess(models.orgs),
    auditTrail: createTrail({ intents, chain, readSubject: createSubjectReader(allRoutes), logger }),
    idempotency: createIdempotency({ records: models.idempotency, cipher, logger, timings: testTimings }),
  });
  const server = await listen(app, { host: '127.0.0.1', port: 0, closeWithinMs: 1_000, idleForMs: 0 });
  const origin = `http://127.0.0.1:${server.port}`;
  const admin = api(`${origin}/api/v1`, adminApiKey);
  return {
    ...parts,
    origin,
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
      if (documented.faults.size > 0) throw new Error(`Not as documented: ${[...documented.faults].join('; ')}`);
    },
  };
}
