import { createHmac, randomBytes } from 'node:crypto';
import type { Model } from 'mongoose';
import { isDuplicateKey } from '../../db/errors.js';
import { trusted } from '../../db/schema-options.js';
import { conflict, refused } from '../problem.js';
import type { IdempotencyDoc } from './model.js';

const keptMs = 24 * 60 * 60 * 1000;

/** Either ours to run, or the answer that was kept. */
export type Claim = { run: IdempotencyDoc } | { kept: IdempotencyDoc };

/**
 * Claims the right to run a request.
 * `id` is the record's, made of the request's scope and key. A run is believed to be alive for `leaseMs` without a word from it.
 * @throws Problem 422 `idempotency_key_reused` for another body, 409 `idempotency_in_progress` while another run is alive
 */
export async function claim(
  records: Model<IdempotencyDoc>,
  { id, body, leaseMs }: { id: string; body: Buffer; leaseMs: number },
): Promise<Claim> {
  const wanted = { id, body, leaseMs };
  const fresh = freshRecord(wanted);
  if (await inserted(records, fresh)) return { run: fresh };
  const found = await records.findById(id).lean().exec();
  // Gone between the two: its time was up.
  if (!found) return claim(records, wanted);
  const now = new Date();
  if (found.expires_at <= now) return takeOver(records, found, fresh, wanted);
  if (found.fingerprint !== fingerprint(found.seed, body)) {
    throw refused('idempotency_key_reused', 'This Idempotency-Key was used with another body. Use a new key.');
  }
  if (found.state === 'done') return { kept: found };
  if (found.state === 'running' && found.lease_until > now) {
    throw conflict('idempotency_in_progress', 'The first request with this Idempotency-Key is still running.');
  }
  const { holder, lease_until } = fresh;
  return takeOver(records, found, { state: 'running', holder, lease_until }, wanted);
}

/** Compare-and-set on the holder that was read; whoever loses looks again. */
async function takeOver(
  records: Model<IdempotencyDoc>,
  found: IdempotencyDoc,
  { _id: _, ...change }: Partial<IdempotencyDoc>,
  wanted: Parameters<typeof claim>[1],
): Promise<Claim> {
  const { _id, holder, state, lease_until } = found;
  const filter = { _id, holder, state, lease_until: trusted({ $lte: lease_until }) };
  const run = await records.findOneAndUpdate(filter, { $set: change }, { returnDocument: 'after' }).lean().exec();
  return run ? { run } : claim(records, wanted);
}

async function inserted(records: Model<IdempotencyDoc>, record: IdempotencyDoc): Promise<boolean> {
  try {
    await records.create(record);
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}

function freshRecord({ id, body, leaseMs }: Parameters<typeof claim>[1]): IdempotencyDoc {
  const now = Date.now();
  const seed = randomBytes(32).toString('base64url');
  return {
    _id: id,
    state: 'running',
    holder: randomBytes(12).toString('base64url'),
    lease_until: new Date(now + leaseMs),
    seed,
    fingerprint: fingerprint(seed, body),
    answer: null,
    created_at: new Date(now),
    expires_at: new Date(now + keptMs),
  };
}

/** Salted by the seed: equal bodies of different requests do not show as equal. */
const fingerprint = (seed: string, body: Buffer) => createHmac('sha256', seed).update(body).digest('base64url');
