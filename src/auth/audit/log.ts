import type { Model } from 'mongoose';
import { trusted } from '../../db/schema-options.js';
import { newestPage } from '../../http/newest-page.js';
import type { Page } from '../../http/paging.js';
import { verifyChain, type ChainFault } from './verify.js';
import type { Chain, ChainHead } from './chain.js';
import type { AuditEntryDoc, AuditOutcome } from './model.js';
import { presentEntry, type PresentedEntry } from './presenter.js';

/** Which entries are meant. All that is given has to hold. */
export interface AuditFilter {
  /** An action, or the beginning of one that ends with a dot. */
  action?: string | undefined;
  actor?: string | undefined;
  key?: string | undefined;
  subject?: string | undefined;
  outcome?: AuditOutcome | undefined;
  request_id?: string | undefined;
  since?: Date | undefined;
  until?: Date | undefined;
}

interface VerifiedChain {
  checked: number;
  faults: (Omit<ChainFault, 'problem'> & { problem: ChainFault['problem'] | 'anchor_mismatch' })[];
  head: ChainHead;
  next: number | null;
}

/** Reads an org's log. */
export interface AuditLog {
  /** Newest first. */
  list: (
    orgId: string,
    filter: AuditFilter,
    query: { limit: number; cursor?: string | undefined },
  ) => Promise<Page<AuditEntryDoc>>;
  /** In the order of the chain. */
  export: (orgId: string, filter: AuditFilter) => AsyncGenerator<PresentedEntry>;
  /** Checks a part of the chain, and a hash that was noted elsewhere. @param first the first place to check, from 1 */
  verify: (orgId: string, first: number, anchor: ChainHead | null) => Promise<VerifiedChain>;
}

const exportBatch = 500;
const verifyBatch = 5_000;

export function createAuditLog({ entries, chain }: { entries: Model<AuditEntryDoc>; chain: Chain }): AuditLog {
  return {
    list: (orgId, filter, query) => newestPage(entries, { org_id: orgId, ...conditions(filter) }, query),
    async *export(orgId, filter) {
      const { seq: last } = await chain.headOf(orgId);
      for (let first = 1; first <= last; first += exportBatch) {
        const end = Math.min(last, first + exportBatch - 1);
        const batch = await entries
          .find({
            org_id: orgId,
            hash: trusted({ $type: 'string' }),
            seq: trusted({ $gte: first, $lte: end }),
            ...conditions(filter),
          })
          .sort({ seq: 1 })
          .lean()
          .exec();
        yield* batch.map(presentEntry);
      }
    },
    async verify(orgId, first, anchor) {
      const head = await chain.headOf(orgId);
      const { faults, ...verified } = await verifyChain(entries, { orgId, first, count: verifyBatch, head });
      if (anchor === null) return { ...verified, faults, head };
      const { seq } = anchor;
      const anchored = await entries
        .findOne({ org_id: orgId, hash: trusted({ $type: 'string' }), seq })
        .lean()
        .exec();
      const isThere = anchored?.hash === anchor.hash;
      const missing = { seq, id: anchored?._id ?? null, problem: 'anchor_mismatch' as const };
      return { ...verified, faults: isThere ? faults : [...faults, missing], head };
    },
  };
}

function conditions({ action, actor, key, subject, outcome, request_id, since, until }: AuditFilter): object {
  const at = { ...(since && { $gte: since }), ...(until && { $lt: until }) };
  return {
    ...(action !== undefined && { action: action.endsWith('.') ? startingWith(action) : action }),
    ...(actor !== undefined && { 'actor.id': actor }),
    ...(key !== undefined && { 'actor.via': key }),
    ...(subject !== undefined && { 'subject.id': subject }),
    ...(outcome !== undefined && { outcome }),
    ...(request_id !== undefined && { 'source.requestId': request_id }),
    ...((since ?? until) && { at: trusted(at) }),
  };
}

/** The range of texts with this beginning, whose last character is a dot: the next character is a slash. */
const startingWith = (text: string) => trusted({ $gte: text, $lt: `${text.slice(0, -1)}/` });
