import { Schema, type Connection, type Model } from 'mongoose';
import { schemaOptions } from '../../db/schema-options.js';
import type { SeverityMap } from './maps.js';
import type { ConnectionSettings } from './settings.js';

/** The trackers that an org can have of its own. */
export const connectionProviders = ['webhook', 'jira', 'servicenow'] as const;
export type ConnectionProvider = (typeof connectionProviders)[number];

export const secretNames = ['api_token', 'client_secret', 'webhook_secret'] as const;
export type SecretName = (typeof secretNames)[number];

/** Few enough to be looked at one by one: each is polled. */
export const maxConnections = 100;

/** An org's own tracker. Deleted ones stay, without their secrets, so that what was set up for them can be torn down. */
export interface ConnectionDoc {
  _id: string;
  org_id: string;
  provider: ConnectionProvider;
  name: string;
  /** As this provider's schema has let them through, its defaults filled in. */
  settings: ConnectionSettings;
  /** Each sealed; null when there is none. */
  secrets: Record<SecretName, string | null>;
  severity_map: SeverityMap;
  /** JSON texts: whatever a tracker's statuses and fields are called, to MongoDB they are only text. */
  status_map: string;
  field_map: string;
  /** When it was made the org's default; of several the latest is it. */
  default_since: Date | null;
  /** Counts the changes of everything above. */
  version: number;
  /** When its deletion began: while that may still be going on it gets no new tickets. */
  ending_at: Date | null;
  deleted_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

export function connectionModel(connection: Connection): Model<ConnectionDoc> {
  const text = { type: String, required: true } as const;
  const date = { type: Date, required: true } as const;
  const nullableText = { type: String, default: null } as const;
  const nullableDate = { type: Date, default: null } as const;
  const secrets = new Schema<ConnectionDoc['secrets']>(
    { api_token: nullableText, client_secret: nullableText, webhook_secret: nullableText },
    { _id: false, id: false },
  );
  const schema = new Schema<ConnectionDoc>(
    {
      _id: text,
      org_id: text,
      provider: { ...text, enum: connectionProviders },
      name: text,
      settings: { type: Schema.Types.Mixed, required: true },
      secrets: { type: secrets, required: true },
      severity_map: { type: Schema.Types.Mixed, required: true },
      status_map: text,
      field_map: text,
      default_since: nullableDate,
      version: { type: Number, required: true },
      ending_at: nullableDate,
      deleted_at: nullableDate,
      created_at: date,
      updated_at: date,
    },
    { ...schemaOptions, collection: 'connections' },
  );
  schema.index({ org_id: 1, _id: 1 });
  return connection.model<ConnectionDoc>('Connection', schema);
}
