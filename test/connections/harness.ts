import { randomBytes } from 'node:crypto';
import mongoose from 'mongoose';
import type { ConnectionInput } from '../../src/integrations/connections/new-connection.js';
import { connectionModel, type ConnectionDoc } from '../../src/integrations/connections/model.js';
import { createConnectionBody } from '../../src/integrations/connections/schema.js';
import { createConnectionService, type ConnectionService } from '../../src/integrations/connections/service.js';
import { createConnectionStore } from '../../src/integrations/connections/store.js';
import { createTicketProviders, type TicketProviders } from '../../src/integrations/connections/ticket-providers.js';
import { loadConfig } from '../../src/config/index.js';
import { ensureIndexes } from '../../src/db/indexes.js';
import { createGuardedClient } from '../../src/http/client/client.js';
import { newId } from '../../src/lib/ids.js';
import { createLogger } from '../../src/observability/logger.js';
import { createAudit } from '../../src/auth/audit/audit.js';
import { auditEntryModel } from '../../src/auth/audit/model.js';
import type { Caller } from '../../src/http/caller.js';
import { trackerStateModel } from '../../src/integrations/breaker/model.js';
import { createTrackerStates } from '../../src/integrations/breaker/states.js';
import { mockTicketModels } from '../../src/integrations/mock/model.js';
import { createProviderRegistry } from '../../src/integrations/registry.js';
import { createCipher, type Cipher } from '../../src/lib/encryption.js';
import { ticketStore } from '../../src/tickets/store.js';
import { openTestDatabase } from '../support/mongo.js';

export const caller: Caller = { kind: 'admin', actor: { id: 'admin', name: 'Admin', via: 'admin' } };

export type Parts = Awaited<ReturnType<typeof openConnections>>;

const required = {
  MONGODB_URI: 'mongodb://db.example/x',
  TEMPORAL_ADDRESS: 'temporal.example:7233',
  ADMIN_API_KEY: 'x'.repeat(24),
  ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'),
};

/** Connections and what tickets need of them, on a real MongoDB. */
export async function openConnections(env: NodeJS.ProcessEnv = {}) {
  const { connection, close } = await openTestDatabase();
  const logger = createLogger('silent');
  const cipher = createCipher({ key: randomBytes(32) });
  const config = loadConfig({ ...required, ...env });
  const http = createGuardedClient({ allow: ['127.0.0.1'], blockedPorts: [], timeoutMs: 5_000 });
  const states = createTrackerStates(trackerStateModel(connection));
  const model = connectionModel(connection);
  const store = createConnectionStore(model);
  const tickets = ticketStore(connection);
  const audit = createAudit({ entries: auditEntryModel(connection) });
  const hooks: { beforeCount?: (() => Promise<unknown>) | undefined } = {};
  const service: ConnectionService = createConnectionService({
    ...{ store, states, cipher, audit, logger },
    hasLiveLinks: async (scope) => {
      await hooks.beforeCount?.();
      return (await tickets.links.exists({ scope, live: true })) !== null;
    },
  });
  const registry = createProviderRegistry({
    ...{ tickets: config.tickets, publicUrl: 'http://bridge.test', logger, states, timings: config.timings },
    mock: mockTicketModels(mongoose.createConnection()),
  });
  /** As another process would have them, with keys of its own if need be. */
  const providersWith = (opener: Cipher = cipher): TicketProviders =>
    createTicketProviders({
      ...{ registry, store, states, cipher: opener, http, logger, timings: config.timings },
      environment: config.tickets,
    });
  await ensureIndexes(connection);
  return {
    ...{ model, store, service, tickets, states, hooks, providers: providersWith(), providersWith },
    async make(orgId: string, input: object): Promise<ConnectionDoc> {
      const parsed: ConnectionInput = createConnectionBody.parse(input);
      return (await service.create(orgId, parsed, { id: newId('con'), caller })).connection;
    },
    async close() {
      await http.close();
      await close();
    },
  };
}

export const webhook = (url: string, more: object = {}) => ({
  provider: 'webhook',
  name: 'Receiver',
  settings: { url },
  secrets: { webhook_secret: 'canary-webhook-secret' },
  ...more,
});
