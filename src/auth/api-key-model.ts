import { Schema, type Connection, type Model } from 'mongoose';
import { schemaOptions } from '../db/schema-options.js';
import { permissions, type Permission } from '../http/caller.js';

export interface ApiKeyDoc {
  _id: string;
  org_id: string;
  name: string;
  /** The beginning of the key, for lists. */
  prefix: string;
  /** SHA-256 of the key; the key itself is nowhere. */
  hash: string;
  permissions: Permission[];
  acts_as: { id: string; name: string; email: string | null } | null;
  may_act: boolean;
  expires_at: Date | null;
  last_used_at: Date | null;
  /** A revoked key is remembered for a while, so that its use is noticed. */
  revoked_at: Date | null;
  created_at: Date;
}

const rememberedSeconds = 90 * 24 * 3_600;

export function apiKeyModel(connection: Connection): Model<ApiKeyDoc> {
  const actsAs = new Schema(
    {
      id: { type: String, required: true },
      name: { type: String, required: true },
      email: { type: String, default: null },
    },
    { _id: false, id: false },
  );
  const schema = new Schema<ApiKeyDoc>(
    {
      _id: { type: String, required: true },
      org_id: { type: String, required: true },
      name: { type: String, required: true },
      prefix: { type: String, required: true },
      hash: { type: String, required: true },
      permissions: { type: [{ type: String, enum: permissions }], required: true },
      acts_as: { type: actsAs, default: null },
      may_act: { type: Boolean, required: true },
      expires_at: { type: Date, default: null },
      last_used_at: { type: Date, default: null },
      revoked_at: { type: Date, default: null },
      created_at: { type: Date, required: true },
    },
    { ...schemaOptions, collection: 'api_keys' },
  );
  // A call brings its key and nothing else, so this one index cannot begin with the org.
  schema.index({ hash: 1 }, { unique: true });
  schema.index({ org_id: 1, _id: -1 });
  schema.index({ revoked_at: 1 }, { expireAfterSeconds: rememberedSeconds, name: 'forgotten_when_revoked' });
  return connection.model<ApiKeyDoc>('ApiKey', schema);
}
