import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Model } from 'mongoose';
import { isDuplicateKey } from '../../db/errors.js';
import { trusted } from '../../db/schema-options.js';
import { canonicalJson } from '../../lib/canonical-json.js';
import type { AuditDraft, AuditEntryDoc } from './model.js';
import { presentEntry } from './presenter.js';

/** The last entry of an org's chain. */
export interface ChainHead {
  seq: number;
  hash: string;
}

/** What the first entry of a chain has in the place of the hash before it. */
export const noHash = '0'.repeat(64);

const maxBatch = 100;
/** Each loss is another process's success, so this many in a row mean that something else is wrong. */
const maxTries = 200;
const maxHeads = 10_000;

/** SHA-256 over the canonical JSON (RFC 8785) of an entry as it is shown, without its own hash. */
export function hashOf(entry: AuditDraft & { seq: number; prev_hash: string }): string {
  const { hash: _, ...hashed } = presentEntry(entry);
  return createHash('sha256').update(canonicalJson(hashed)).digest('hex');
}

export function linked(
  head: ChainHead,
  draft: AuditDraft,
): AuditDraft & Required<Pick<AuditEntryDoc, 'seq' | 'prev_hash' | 'hash'>> {
  const placed = { ...draft, seq: head.seq + 1, prev_hash: head.hash };
  return { ...placed, hash: hashOf(placed) };
}

export type Chain = ReturnType<typeof createChain>;

/**
 * Appends entries to each org's chain. An entry claims its place by the insert itself, under a unique index, so that any
 * number of processes may append. In one process, the entries of an org are appended in batches.
 */
export function createChain(entries: Model<AuditEntryDoc>) {
  /** As this process last saw them. One that is out of date costs a try. */
  const heads = new Map<string, ChainHead>();
  const queues = new Map<
    string,
    { draft: AuditDraft; done: (isNew: boolean) => void; fail: (error: unknown) => void }[]
  >();

  const headOf = async (orgId: string): Promise<ChainHead> => {
    const last = await entries
      .findOne({ org_id: orgId, hash: trusted({ $type: 'string' }) })
      .sort({ seq: -1 })
      .lean()
      .exec();
    return { seq: last?.seq ?? 0, hash: last?.hash ?? noHash };
  };

  function remember(orgId: string, head: ChainHead): void {
    if (heads.size >= maxHeads) heads.clear();
    heads.set(orgId, head);
  }

  /** @returns the ids of those that had been stored before */
  async function write(orgId: string, drafts: readonly AuditDraft[]): Promise<Set<string>> {
    const known = new Set<string>();
    let left = drafts;
    for (let tries = 0; left.length > 0; tries++) {
      if (tries >= maxTries) throw new Error('The audit log could not be appended to.');
      let head = heads.get(orgId) ?? (await headOf(orgId));
      heads.delete(orgId);
      const docs = left.map((draft) => {
        const doc = linked(head, draft);
        head = { seq: doc.seq, hash: doc.hash };
        return doc;
      });
      try {
        await entries.insertMany(docs, { lean: true, ordered: true });
        remember(orgId, head);
        return known;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        left = await missingOf(docs, left, known);
        await sleep(Math.random() * Math.min(50, 2 * tries));
      }
    }
    return known;
  }

  /** The rest of a batch that another process got in the way of. */
  async function missingOf(tried: readonly AuditEntryDoc[], drafts: readonly AuditDraft[], known: Set<string>) {
    const there = await entries
      .find({ _id: trusted({ $in: drafts.map(({ _id }) => _id) }) }, { hash: 1 })
      .lean()
      .exec();
    const hashes = new Map(there.map(({ _id, hash }) => [_id, hash]));
    for (const { _id, hash } of tried) if (hashes.has(_id) && hashes.get(_id) !== hash) known.add(_id);
    return drafts.filter(({ _id }) => !hashes.has(_id));
  }

  async function drain(orgId: string): Promise<void> {
    const queue = queues.get(orgId) ?? [];
    while (queue.length > 0) {
      const batch = queue.splice(0, maxBatch);
      try {
        const known = await write(
          orgId,
          batch.map(({ draft }) => draft),
        );
        for (const { draft, done } of batch) done(!known.has(draft._id));
      } catch (error) {
        heads.delete(orgId);
        for (const { fail } of batch) fail(error);
      }
    }
    queues.delete(orgId);
  }

  return {
    headOf,
    /** @returns false when there is an entry with this id already; it stays as it is */
    append: (draft: AuditDraft): Promise<boolean> =>
      new Promise((done, fail) => {
        const queue = queues.get(draft.org_id);
        if (queue) queue.push({ draft, done, fail });
        else {
          queues.set(draft.org_id, [{ draft, done, fail }]);
          void drain(draft.org_id);
        }
      }),
    /** Gives a place to an entry of a version that had no chain. @returns whether it has one now */
    async adopt(entry: AuditEntryDoc): Promise<boolean> {
      const { _id, org_id } = entry;
      heads.delete(org_id);
      const { seq, prev_hash, hash } = linked(await headOf(org_id), entry);
      try {
        await entries.updateOne({ _id, hash: trusted({ $exists: false }) }, { $set: { seq, prev_hash, hash } }).exec();
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },
  };
}
