import type { Model } from 'mongoose';
import type { z } from 'zod';
import { isDuplicateKey } from '../db/errors.js';
import { newestPage } from '../http/newest-page.js';
import type { Page } from '../http/paging.js';
import { notFound } from '../http/problem.js';
import type { EvidenceRequestDoc } from './model.js';
import type { createEvidenceRequestBody, updateEvidenceRequestBody } from './schema.js';
import type { EvidenceStatus } from '../integrations/evidence-status.js';

export interface EvidenceListQuery {
  limit: number;
  cursor?: string | undefined;
  status?: EvidenceStatus | undefined;
}

export interface EvidenceRequestService {
  /** @param id a new one; under an Idempotency-Key the same one again, whose request is then returned as it is now */
  create: (orgId: string, id: string, input: z.output<typeof createEvidenceRequestBody>) => Promise<EvidenceRequestDoc>;
  /** Newest first. */
  list: (orgId: string, query: EvidenceListQuery) => Promise<Page<EvidenceRequestDoc>>;
  /** @throws Problem 404 */
  get: (orgId: string, id: string) => Promise<EvidenceRequestDoc>;
  /** Sets the fields that are given. @throws Problem 404 */
  update: (
    orgId: string,
    id: string,
    change: z.output<typeof updateEvidenceRequestBody>,
  ) => Promise<EvidenceRequestDoc>;
}

export function createEvidenceRequestService({
  evidenceRequests,
}: {
  evidenceRequests: Model<EvidenceRequestDoc>;
}): EvidenceRequestService {
  const get = async (orgId: string, id: string) =>
    found(await evidenceRequests.findOne({ org_id: orgId, _id: id }).lean().exec());
  return {
    get,
    async create(orgId, id, input) {
      const now = new Date();
      const request: EvidenceRequestDoc = { _id: id, org_id: orgId, ...input, created_at: now, updated_at: now };
      try {
        await evidenceRequests.create(request);
        return request;
      } catch (error) {
        if (isDuplicateKey(error)) return get(orgId, id);
        throw error;
      }
    },
    list: (orgId, { status, ...query }) =>
      newestPage(evidenceRequests, { org_id: orgId, ...(status && { status }) }, query),
    async update(orgId, id, change) {
      if (Object.keys(change).length === 0) return get(orgId, id);
      const set = { $set: { ...change, updated_at: new Date() } };
      const options = { returnDocument: 'after', runValidators: true } as const;
      return found(await evidenceRequests.findOneAndUpdate({ org_id: orgId, _id: id }, set, options).lean().exec());
    },
  };
}

function found(request: EvidenceRequestDoc | null): EvidenceRequestDoc {
  if (!request) throw notFound('evidence request');
  return request;
}
