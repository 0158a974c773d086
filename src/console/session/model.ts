import { Schema, type Connection, type Model } from 'mongoose';
import { schemaOptions } from '../../db/schema-options.js';

/** Somebody's stay in the console. It ends with its key, when it is signed out, and twelve hours after it began. */
export interface SessionDoc {
  /** SHA-256 of what the cookie holds: who reads this collection cannot sign in. */
  _id: string;
  /** As orgs keep it (`hashKey`); the key itself is nowhere. */
  key_hash: string;
  /** Whom a shared key speaks for, as they gave it at signing in. */
  actor: { id: string; name: string } | null;
  /** The org that is looked at; null until one is chosen. */
  org_id: string | null;
  /** What the next page is to show once, sealed: a secret may be in it. */
  flash: string | null;
  created_at: Date;
  expires_at: Date;
}

export function sessionModel(connection: Connection): Model<SessionDoc> {
  const actor = new Schema(
    { id: { type: String, required: true }, name: { type: String, required: true } },
    { _id: false, id: false },
  );
  const schema = new Schema<SessionDoc>(
    {
      _id: { type: String, required: true },
      key_hash: { type: String, required: true },
      actor: { type: actor, default: null },
      org_id: { type: String, default: null },
      flash: { type: String, default: null },
      created_at: { type: Date, required: true },
      expires_at: { type: Date, required: true },
    },
    { ...schemaOptions, collection: 'console_sessions' },
  );
  schema.index({ expires_at: 1 }, { expireAfterSeconds: 0, name: 'dropped_in_time' });
  return connection.model<SessionDoc>('ConsoleSession', schema);
}
