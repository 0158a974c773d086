import { randomBytes } from 'node:crypto';
import { defaultTimings } from '../../src/config/timings.js';
import { createConnections } from '../../src/integrations/connections/index.js';
import type { ConnectionDoc } from '../../src/integrations/connections/model.js';
import { createGuardedClient } from '../../src/http/client/client.js';
import { createLogger } from '../../src/observability/logger.js';
import { createAudit } from '../../src/auth/audit/audit.js';
import { auditEntryModel } from '../../src/auth/audit/model.js';
import { trackerStateModel } from '../../src/integrations/breaker/model.js';
import { createTrackerStates, type TrackerStates } from '../../src/integrations/breaker/states.js';
import { createCipher } from '../../src/lib/encryption.js';
import { startTestApp, type TestApp } from '../support/app.js';
import type { Api, ApiAnswer } from '../support/http.js';

export const publicUrl = 'http://drawbridge.test';

export interface ConnectionsApp extends TestApp {
  states: TrackerStates;
  /** Connections through which tickets are linked. */
  inUse: Set<string>;
  /** Runs when links are counted, while it is set. */
  hooks: { beforeCount?: (() => Promise<unknown>) | undefined };
  /** As they are stored, of all orgs. */
  stored: () => Promise<ConnectionDoc[]>;
}

/** Connections over real HTTP; which of them are in use is said by the test. */
export async function startConnectionsApp(): Promise<ConnectionsApp> {
  const inUse = new Set<string>();
  const hooks: ConnectionsApp['hooks'] = {};
  const http = createGuardedClient({ allow: ['127.0.0.0/8'], blockedPorts: [], timeoutMs: 5_000 });
  const parts: { states?: TrackerStates } = {};
  const app = await startTestApp({
    routes: ({ connection }) => {
      parts.states = createTrackerStates(trackerStateModel(connection));
      return createConnections({
        connection,
        states: parts.states,
        cipher: createCipher({ key: randomBytes(32) }),
        http,
        audit: createAudit({ entries: connection.models.AuditEntry ?? auditEntryModel(connection) }),
        logger: createLogger('silent'),
        timings: defaultTimings,
        publicUrl,
        hasLiveLinks: async (id) => {
          await hooks.beforeCount?.();
          return inUse.has(id);
        },
      }).routes;
    },
  });
  const { close: closeApp } = app;
  const model = app.connection.model<ConnectionDoc>('Connection');
  return Object.assign(app, parts as Required<typeof parts>, {
    inUse,
    hooks,
    stored: () => model.find().lean<ConnectionDoc[]>().exec(),
    close: async () => {
      await http.close();
      await closeApp();
    },
  });
}

/** An org with a key that may configure it. */
export async function setUp(app: TestApp): Promise<{ org: string; path: string; key: Api }> {
  const org = await app.newOrg();
  return { org, path: `/orgs/${org}/connections`, key: await app.keyOf(org, ['configure']) };
}

/** Nothing listens there: what is tested does not need an answer. */
export const nowhere = 'http://127.0.0.1:9';

export const webhook = (more: object = {}) => ({
  provider: 'webhook',
  name: 'Receiver',
  settings: { url: 'https://hooks.example/tickets' },
  ...more,
});

export const jira = (more: object = {}) => ({
  provider: 'jira',
  name: 'Jira',
  settings: { base_url: nowhere },
  secrets: { api_token: 'canary-api-token' },
  ...more,
});

export const serviceNow = (more: object = {}) => ({
  provider: 'servicenow',
  name: 'ServiceNow',
  settings: { base_url: nowhere, username: 'bridge' },
  secrets: { api_token: 'canary-password' },
  ...more,
});

/** The paths that a 422 names. */
export const pathsOf = (answer: ApiAnswer) => (answer.body.errors as { path: string }[]).map(({ path }) => path);
