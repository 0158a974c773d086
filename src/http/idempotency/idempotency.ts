import { createHash } from 'node:crypto';
import type { Model } from 'mongoose';
import type { Timings } from '../../config/index.js';
import { derivedId, type IdPrefix } from '../../lib/ids.js';
import type { Logger } from '../../observability/logger.js';
import type { Caller } from '../caller.js';
import type { Cipher } from '../../lib/encryption.js';
import type { Answer } from '../answer.js';
import { unprocessable } from '../problem.js';
import { claim } from './claim.js';
import type { IdempotencyDoc } from './model.js';
import { decryptAnswer, encryptAnswer } from './stored-answer.js';

export interface IdempotentRequest {
  caller: Exclude<Caller, { kind: 'anonymous' }>;
  method: string;
  path: string;
  key: string;
  rawBody: Buffer;
  requestId: string;
}

/** Makes the answer; it is given the maker of ids, and never throws. */
export type MakeAnswer = (makeId: (prefix: IdPrefix) => string) => Promise<Answer>;

/**
 * Answers a request once per key.
 * @throws Problem 409 or 422 as API.md says; the maker is not called then
 */
export type Idempotency = (request: IdempotentRequest, make: MakeAnswer) => Promise<Answer>;

interface Dependencies {
  records: Model<IdempotencyDoc>;
  cipher: Cipher;
  logger: Logger;
  timings: Pick<Timings, 'idempotency'>;
}

/** Keeps first answers in MongoDB, sealed; a run that died is taken over after its lease, with the ids it had. */
export function createIdempotency({ records, cipher, logger, timings }: Dependencies): Idempotency {
  const { leaseMs } = timings.idempotency;
  return async (request, make) => {
    const { caller, key, rawBody } = request;
    if (key.length < 1 || key.length > 255) {
      throw unprocessable([{ path: 'Idempotency-Key', message: 'must have 1 to 255 characters' }]);
    }
    const org = caller.kind === 'key' ? caller.orgId : 'admin';
    const claimed = await claim(records, { id: recordId(request), body: rawBody, leaseMs });
    if ('kept' in claimed) {
      const first = decryptAnswer(cipher, claimed.kept, org);
      return { ...first, headers: { ...first.headers, 'Idempotent-Replayed': 'true' } };
    }
    const answer = await whileRenewing({ records, leaseMs }, claimed.run, () => make(idsOf(claimed.run)));
    try {
      await settle(
        records,
        claimed.run,
        isKept(answer.status) ? encryptAnswer(cipher, claimed.run, org, answer) : null,
      );
    } catch (err) {
      // What was done is done, and a repetition finds it by its ids once the lease is over.
      logger.warn({ err, request_id: request.requestId }, 'an answer could not be kept for its Idempotency-Key');
    }
    return answer;
  };
}

/** Refusals that the same request may outgrow are not kept: another key's rights, the next second, a healed server. */
const isKept = (status: number) => status < 500 && ![401, 403, 429].includes(status);

function settle(records: Model<IdempotencyDoc>, { _id, holder }: IdempotencyDoc, answer: string | null) {
  return records.updateOne({ _id, holder }, { $set: { state: answer === null ? 'open' : 'done', answer } }).exec();
}

/** TICKET_WAIT_MS may be as long as the lease. */
async function whileRenewing<T>(
  { records, leaseMs }: { records: Model<IdempotencyDoc>; leaseMs: number },
  { _id, holder }: IdempotencyDoc,
  work: () => Promise<T>,
) {
  const renew = () =>
    void records
      .updateOne({ _id, holder }, { $set: { lease_until: new Date(Date.now() + leaseMs) } })
      .exec()
      .catch(() => undefined);
  const timer = setInterval(renew, leaseMs / 3).unref();
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** The first id of a prefix, its second, and so on are the same in every run. */
function idsOf({ seed, created_at }: IdempotencyDoc): (prefix: IdPrefix) => string {
  const made = new Map<IdPrefix, number>();
  return (prefix) => {
    const n = made.get(prefix) ?? 0;
    made.set(prefix, n + 1);
    return derivedId(prefix, `${seed}:${n}`, created_at.getTime());
  };
}

function recordId({ caller, method, path, key }: IdempotentRequest): string {
  const callerId = caller.kind === 'key' ? caller.keyId : 'admin';
  return createHash('sha256')
    .update(JSON.stringify([callerId, method, path, key]))
    .digest('base64url');
}
