import type { Connection } from 'mongoose';
import type { Logger } from '../observability/logger.js';
import { apiKeyModel } from './api-key-model.js';
import { apiKeyRoutes } from './api-key-routes.js';
import { createApiKeyService } from './api-key-service.js';
import { createAudit } from './audit/audit.js';
import { auditEntryModel } from './audit/model.js';
import { auditRoute } from './audit/route.js';
import { createAuthenticate } from './authenticate.js';
import { createOrgAccess } from './require-org-access.js';
import { createKeyCache } from './key-cache.js';
import { createLastUsed } from './last-used.js';
import { orgModel } from './org-model.js';
import { createOrgService } from './org-service.js';
import { orgRoutes } from './routes.js';
import { whoamiRoute } from './whoami-route.js';

interface OrgsOptions {
  connection: Connection;
  adminApiKey: string;
  logger: Logger;
}

/** Wires this folder: what the composition root needs of orgs, keys and callers, with one cache of keys for all. */
export function createOrgs({ connection, adminApiKey, logger }: OrgsOptions) {
  const orgs = orgModel(connection);
  const apiKeys = apiKeyModel(connection);
  const keys = createKeyCache(apiKeys);
  const entries = auditEntryModel(connection);
  const audit = createAudit({ entries });
  const orgService = createOrgService({ orgs });
  const callers = createAuthenticate({ adminApiKey, keys, used: createLastUsed(apiKeys, logger) });
  const apiKeyService = createApiKeyService({ apiKeys, keys, audit });
  return {
    models: [orgs, apiKeys, entries],
    audit,
    orgService,
    apiKeyService,
    ...callers,
    requireOrgAccess: createOrgAccess(orgs),
    routes: [
      ...orgRoutes({ orgService }),
      ...apiKeyRoutes({ apiKeyService }),
      auditRoute({ audit }),
      whoamiRoute({ orgService }),
    ],
  };
}
