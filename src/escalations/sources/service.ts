import type { Model } from 'mongoose';
import type { z } from 'zod';
import { isDuplicateKey } from '../../db/errors.js';
import type { EscalationStore } from '../store.js';
import { newestPage } from '../../http/newest-page.js';
import type { Page } from '../../http/paging.js';
import { notFound } from '../../http/problem.js';
import type { Audit } from '../../auth/audit/audit.js';
import type { Caller } from '../../http/caller.js';
import type { Cipher } from '../../lib/encryption.js';
import { leaveToReviewers } from './leave-to-reviewers.js';
import type { SourceDoc } from './model.js';
import type { createSourceBody } from './schema.js';
import { generateSecret, encryptSecret } from './secrets.js';

export interface SourceService {
  /**
   * @param by `id`: a new one; under an Idempotency-Key the same one again
   * @returns with the secret when it was made here; it is stored sealed only
   */
  create: (
    orgId: string,
    input: z.output<typeof createSourceBody>,
    by: { id: string; caller: Caller },
  ) => Promise<{ source: SourceDoc; secret: string | undefined }>;
  /** Newest first. */
  list: (orgId: string, query: { limit: number; cursor?: string | undefined }) => Promise<Page<SourceDoc>>;
  /** @throws Problem 404 */
  get: (orgId: string, id: string) => Promise<SourceDoc>;
  /** Ends a source; what it has not decided is decided here from then on. @throws Problem 404 */
  remove: (orgId: string, id: string, caller: Caller) => Promise<void>;
}

interface Dependencies {
  sources: Model<SourceDoc>;
  escalations: EscalationStore;
  cipher: Cipher;
  audit: Audit;
}

export function createSourceService({ sources, escalations, cipher, audit }: Dependencies): SourceService {
  return {
    async create(orgId, input, { id, caller }) {
      const made = input.secret === undefined ? generateSecret() : undefined;
      const secret = encryptSecret(cipher, orgId, id, input.secret ?? made ?? '');
      const now = new Date();
      const source = await inserted(sources, {
        _id: id,
        org_id: orgId,
        name: input.name,
        secret,
        ended_at: null,
        created_at: now,
      });
      const changed = Object.keys(input);
      await audit.record(orgId, caller, { action: 'source.created', subject: subjectOf(source), changed });
      return { source, secret: made };
    },
    list: (orgId, query) => newestPage(sources, { org_id: orgId }, query),
    get: async (orgId, id) => found(await sources.findOne({ org_id: orgId, _id: id }).lean().exec()),
    async remove(orgId, id, caller) {
      // It ends before its escalations are let go, so that none is raised behind them; and it goes last, so that
      // a repetition after a crash has it to go on with.
      const ending = { $set: { ended_at: new Date() } };
      const source = found(await sources.findOneAndUpdate({ org_id: orgId, _id: id }, ending).lean().exec());
      await leaveToReviewers(escalations, source);
      found(await sources.findOneAndDelete({ org_id: orgId, _id: id }).lean().exec());
      await audit.record(orgId, caller, { action: 'source.deleted', subject: subjectOf(source) });
    },
  };
}

async function inserted(sources: Model<SourceDoc>, source: SourceDoc): Promise<SourceDoc> {
  try {
    await sources.create(source);
    return source;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    // A repetition after a crash: nobody has seen the first secret, so this one takes its place.
    const { _id, org_id, secret } = source;
    const change = { $set: { secret } };
    return found(await sources.findOneAndUpdate({ org_id, _id }, change, { returnDocument: 'after' }).lean().exec());
  }
}

const subjectOf = ({ _id, name }: SourceDoc) => ({ type: 'source', id: _id, name });

function found(source: SourceDoc | null): SourceDoc {
  if (!source) throw notFound('source');
  return source;
}
