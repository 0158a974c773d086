import { Schema, type Connection, type Model } from 'mongoose';
import { schemaOptions } from '../../db/schema-options.js';

/** A console session. It ends at sign-out, when its API key ends, and twelve hours after it began. */
export interface SessionDoc {
  /** SHA-256 of the cookie's random part, so that this collection is no help in signing in. */
  _id: string;
  /** The API key's hash (`hashKey`). The key itself isn't stored. */
  key_hash: string;
  /** The person behind a shared key, as entered at sign-in. */
  actor: { id: string; name: string } | null;
  /** The chosen org; null until an administrator chooses one. */
  org_id: string | null;
  /** Shown once on the next page. Encrypted, since it may hold a secret. */
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
