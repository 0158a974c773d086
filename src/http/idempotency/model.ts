import { Schema, type Connection, type Model } from 'mongoose';
import { schemaOptions } from '../../db/schema-options.js';

/**
 * What became of the first request with a key: it runs under a lease, its answer is `done` and kept, or it is `open` to
 * run again with the same seed because its answer was one that is not kept.
 */
export interface IdempotencyDoc {
  /** Hash of caller, method, path and key; none of them is kept readable. */
  _id: string;
  state: 'running' | 'done' | 'open';
  /** Of this run; a run that was taken over can no longer write. */
  holder: string;
  lease_until: Date;
  /** Random; all ids of the request are derived from it, in every run. */
  seed: string;
  /** HMAC of the body under the seed. */
  fingerprint: string;
  /** The sealed answer; null until `done`. */
  answer: string | null;
  created_at: Date;
  expires_at: Date;
}

/** The collection of kept answers; MongoDB removes them after their 24 hours. */
export function idempotencyModel(connection: Connection): Model<IdempotencyDoc> {
  const schema = new Schema<IdempotencyDoc>(
    {
      _id: { type: String, required: true },
      state: { type: String, required: true, enum: ['running', 'done', 'open'] },
      holder: { type: String, required: true },
      lease_until: { type: Date, required: true },
      seed: { type: String, required: true },
      fingerprint: { type: String, required: true },
      answer: { type: String, default: null },
      created_at: { type: Date, required: true },
      expires_at: { type: Date, required: true },
    },
    { ...schemaOptions, collection: 'idempotency_records' },
  );
  schema.index({ expires_at: 1 }, { expireAfterSeconds: 0 });
  return connection.model<IdempotencyDoc>('IdempotencyRecord', schema);
}
