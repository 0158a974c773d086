import type { ConnectionInput } from '../../src/integrations/connections/new-connection.js';
import type { ConnectionDoc } from '../../src/integrations/connections/model.js';
import { createConnectionBody } from '../../src/integrations/connections/schema.js';
import { createConnectionService } from '../../src/integrations/connections/service.js';
import { createTicketProviders, type TicketProviders } from '../../src/integrations/connections/ticket-providers.js';
import { loadConfig } from '../../src/config/index.js';
import { ensureIndexes } from '../../src/db/indexes.js';
import { newId } from '../../src/lib/ids.js';
import { createLogger } from '../../src/observability/logger.js';
import type { Caller } from '../../src/http/caller.js';
import type { Cipher } from '../../src/lib/encryption.js';
import { createServices } from '../../src/services.js';
import { openTestDatabase } from '../support/mongo.js';
import { productEnvironment } from '../support/product-environment.js';

export const caller: Caller = { kind: 'admin', actor: { id: 'admin', name: 'Admin', via: 'admin' } };

export type Parts = Awaited<ReturnType<typeof openConnections>>;

/** Connections and what tickets need of them, on a real MongoDB. */
export async function openConnections(env: Record<string, string> = {}) {
  const { connection, close } = await openTestDatabase();
  const config = loadConfig(productEnvironment({ env: { EGRESS_ALLOW: '127.0.0.1', ...env } }));
  const logger = createLogger('silent');
  const services = createServices(config, connection, { logger, identity: 'test' });
  const { models, cipher, http, audit, registry, trackerStates: states } = services;
  const { store } = services.connections;
  const hooks: { beforeCount?: (() => Promise<unknown>) | undefined } = {};
  const service = createConnectionService({
    store,
    states,
    cipher,
    audit,
    logger,
    hasLiveLinks: async (scope) => {
      await hooks.beforeCount?.();
      return (await models.tickets.links.exists({ scope, live: true })) !== null;
    },
  });
  /** As another process would have them, with keys of its own if need be. */
  const providersWith = (opener: Cipher = cipher): TicketProviders =>
    createTicketProviders({
      registry,
      store,
      states,
      cipher: opener,
      http,
      logger,
      timings: config.timings,
      environment: config.tickets,
    });
  await ensureIndexes(connection);
  return {
    model: models.connections,
    store,
    service,
    tickets: models.tickets,
    states,
    hooks,
    providers: services.providers,
    providersWith,
    async make(orgId: string, input: object): Promise<ConnectionDoc> {
      const parsed: ConnectionInput = createConnectionBody.parse(input);
      return (await service.create(orgId, parsed, { id: newId('con'), caller })).connection;
    },
    async close() {
      await services.close();
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
