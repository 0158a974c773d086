import { defaultTimings } from '../../src/config/timings.js';
import { createTestConnection } from '../../src/integrations/connections/checks.js';
import { connectionRoutes } from '../../src/integrations/connections/routes.js';
import { createConnectionService } from '../../src/integrations/connections/service.js';
import { createConnectionStore } from '../../src/integrations/connections/store.js';
import type { ConnectionDoc } from '../../src/integrations/connections/model.js';
import { testGuardedClient } from '../support/guarded-client.js';
import { createTrackerStates, type TrackerStates } from '../../src/integrations/breaker/states.js';
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
  const http = testGuardedClient();
  const app = await startTestApp({
    routes: ({ models, audit, cipher, logger }) => {
      const store = createConnectionStore(models.connections);
      const states = createTrackerStates(models.trackerStates);
      const deps = { store, states, cipher, http, audit, logger, timings: defaultTimings };
      const connectionService = createConnectionService({
        ...deps,
        hasLiveLinks: async (id) => {
          await hooks.beforeCount?.();
          return inUse.has(id);
        },
      });
      return connectionRoutes({ connectionService, testConnection: createTestConnection(deps), publicUrl });
    },
  });
  const { close: closeApp, models } = app;
  return Object.assign(app, {
    states: createTrackerStates(models.trackerStates),
    inUse,
    hooks,
    stored: () => models.connections.find().lean<ConnectionDoc[]>().exec(),
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
