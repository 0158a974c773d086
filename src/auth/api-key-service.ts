import type { Model } from 'mongoose';
import type { z } from 'zod';
import { isDuplicateKey } from '../db/errors.js';
import { forbidden, notFound } from '../http/problem.js';
import { newestPage } from '../http/newest-page.js';
import type { Page } from '../http/paging.js';
import type { IdPrefix } from '../lib/ids.js';
import type { Audit } from './audit/audit.js';
import type { ApiKeyDoc } from './api-key-model.js';
import type { Caller } from '../http/caller.js';
import type { KeyCache } from './key-cache.js';
import { displayPrefix, generateKey, hashKey } from './key-format.js';
import type { createApiKeyBody } from './schema.js';

export type NewApiKey = z.output<typeof createApiKeyBody>;

export interface ApiKeyService {
  /**
   * Makes a key and returns it with its text, which is stored nowhere.
   * @throws Problem 403 when it would outlive the key that makes it
   */
  create: (
    orgId: string,
    input: NewApiKey,
    maker: { caller: Caller; newId: (prefix: IdPrefix) => string },
  ) => Promise<{ apiKey: ApiKeyDoc; key: string }>;
  /** Newest first. */
  list: (orgId: string, query: { limit: number; cursor?: string | undefined }) => Promise<Page<ApiKeyDoc>>;
  /** @throws Problem 404 */
  remove: (orgId: string, id: string, caller: Caller) => Promise<void>;
}

interface Dependencies {
  apiKeys: Model<ApiKeyDoc>;
  keys: KeyCache;
  audit: Audit;
}

export function createApiKeyService({ apiKeys, keys, audit }: Dependencies): ApiKeyService {
  return {
    async create(orgId, input, { caller, newId }) {
      await refuseToOutlive(apiKeys, caller, input.expires_at ?? null);
      const key = generateKey();
      const apiKey = newDocument(orgId, newId('key'), key, input);
      try {
        await apiKeys.create(apiKey);
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        // A repetition after a crash: nobody has seen the first text, so this one takes its place.
        const change = { $set: { hash: apiKey.hash, prefix: apiKey.prefix } };
        const { matchedCount } = await apiKeys.updateOne({ org_id: orgId, _id: apiKey._id }, change).exec();
        if (matchedCount === 0) throw error;
      }
      const changed = Object.keys(input);
      await audit.record(orgId, caller, { action: 'api_key.created', subject: subjectOf(apiKey), changed });
      return { apiKey, key };
    },
    list: (orgId, query) => newestPage(apiKeys, { org_id: orgId, revoked_at: null }, query),
    async remove(orgId, id, caller) {
      const revoked = { $set: { revoked_at: new Date() } };
      const valid = { org_id: orgId, _id: id, revoked_at: null };
      const removed = await apiKeys.findOneAndUpdate(valid, revoked).lean().exec();
      if (!removed) throw notFound('key');
      keys.forget(removed.hash);
      await audit.record(orgId, caller, { action: 'api_key.deleted', subject: subjectOf(removed) });
    },
  };
}

/**
 * `configure` administers its org and may hand out any of the org's permissions. A key that ends may not, however,
 * prolong itself by making one that does not.
 */
async function refuseToOutlive(apiKeys: Model<ApiKeyDoc>, caller: Caller, expiresAt: Date | null): Promise<void> {
  if (caller.kind !== 'key') return;
  const own = await apiKeys.findOne({ org_id: caller.orgId, _id: caller.keyId, revoked_at: null }).lean().exec();
  const end = own?.expires_at;
  if (end && (expiresAt === null || expiresAt > end)) {
    throw forbidden(`This key ends at ${end.toISOString()}, and may only make keys that end no later: set expires_at.`);
  }
}

const subjectOf = ({ _id, name }: ApiKeyDoc) => ({ type: 'api_key', id: _id, name });

function newDocument(orgId: string, id: string, key: string, input: NewApiKey): ApiKeyDoc {
  const { name, permissions, acts_as, may_act, expires_at } = input;
  return {
    _id: id,
    org_id: orgId,
    name,
    prefix: displayPrefix(key),
    hash: hashKey(key),
    permissions,
    acts_as: acts_as ? { id: acts_as.id, name: acts_as.name, email: acts_as.email ?? null } : null,
    may_act,
    expires_at: expires_at ?? null,
    last_used_at: null,
    revoked_at: null,
    created_at: new Date(),
  };
}
