import type { Connection } from 'mongoose';
import type { Timings } from '../../config/index.js';
import type { Logger } from '../../observability/logger.js';
import type { Audit } from '../../auth/audit/audit.js';
import type { TrackerStates } from '../breaker/states.js';
import type { Cipher } from '../../lib/encryption.js';
import type { GuardedClient } from '../../http/client/client.js';
import { createTestConnection } from './checks.js';
import { createConnectionsHealth, createConnectionStateOf } from './health.js';
import { connectionModel } from './model.js';
import { connectionRoutes } from './routes.js';
import { createConnectionService } from './service.js';
import { createConnectionStore } from './store.js';

export interface ConnectionsOptions {
  connection: Connection;
  states: TrackerStates;
  cipher: Cipher;
  http: GuardedClient;
  audit: Audit;
  logger: Logger;
  timings: Pick<Timings, 'trackers'>;
  publicUrl: string;
  hasLiveLinks: (connectionId: string) => Promise<boolean>;
}

/** Wires this folder for the API; the worker makes a store. Call it before the indexes are made: it brings a model. */
export function createConnections({ connection, publicUrl, ...deps }: ConnectionsOptions) {
  const store = createConnectionStore(connectionModel(connection));
  const connectionService = createConnectionService({ store, ...deps });
  const testConnection = createTestConnection(deps);
  return {
    store,
    service: connectionService,
    test: testConnection,
    stateOf: createConnectionStateOf(deps),
    healthOf: createConnectionsHealth({ store, states: deps.states }),
    exists: async (orgId: string, id: string) => (await store.findIn(orgId, id)) !== null,
    routes: connectionRoutes({ connectionService, testConnection, publicUrl }),
  };
}
