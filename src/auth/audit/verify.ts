import type { Model } from 'mongoose';
import { trusted } from '../../db/schema-options.js';
import { hashOf, noHash, type ChainHead } from './chain.js';
import type { AuditEntryDoc } from './model.js';

/** A place of a chain that isn't as it was written. */
export interface ChainFault {
  seq: number;
  /** null where the entry is missing. */
  id: string | null;
  /** `hash_mismatch`: the entry was changed. `broken_link`: it doesn't follow the entry before it. */
  problem: 'hash_mismatch' | 'broken_link' | 'missing';
}

export interface Verified {
  checked: number;
  faults: ChainFault[];
  /** Where to go on; null at the end of the chain. */
  next: number | null;
}

const maxFaults = 100;

/**
 * Checks a stretch of an org's chain: that every entry is there, is as it was hashed, and follows the one before it.
 * @param first the first place to check, from 1 @param count how many at most
 */
export async function verifyChain(
  entries: Model<AuditEntryDoc>,
  { orgId, first, count, head }: { orgId: string; first: number; count: number; head: ChainHead },
): Promise<Verified> {
  // With the one before, whose hash the first one has to name.
  const found = await entries
    .find({ org_id: orgId, hash: trusted({ $type: 'string' }), seq: trusted({ $gte: first - 1, $lt: first + count }) })
    .sort({ seq: 1 })
    .lean()
    .exec();
  const bySeq = new Map(found.map((entry) => [entry.seq, entry]));
  const last = Math.min(head.seq, first + count - 1);
  const faults: ChainFault[] = [];
  let previous = first === 1 ? noHash : bySeq.get(first - 1)?.hash;
  for (let seq = first; seq <= last; seq++) {
    const entry = bySeq.get(seq);
    const fault = faultOf(entry, previous);
    if (fault && faults.length < maxFaults) faults.push({ seq, id: entry?._id ?? null, problem: fault });
    previous = entry?.hash;
  }
  return { checked: Math.max(0, last - first + 1), faults, next: last < head.seq ? last + 1 : null };
}

/** @param previous the hash of the entry before; undefined when that is missing, which is a fault of its own */
function faultOf(entry: AuditEntryDoc | undefined, previous: string | undefined): ChainFault['problem'] | null {
  if (!entry) return 'missing';
  const { seq = 0, prev_hash = '', hash } = entry;
  if (hashOf({ ...entry, seq, prev_hash }) !== hash) return 'hash_mismatch';
  return previous !== undefined && prev_hash !== previous ? 'broken_link' : null;
}
