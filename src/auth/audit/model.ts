import { Schema, type Connection, type Model } from 'mongoose';
import { schemaOptions } from '../../db/schema-options.js';
import type { Actor } from '../../http/caller.js';

export interface AuditEntryDoc {
  _id: string;
  org_id: string;
  at: Date;
  actor: Actor;
  /** `api_key.created`, `connection.updated`, `escalation_routing.replaced`: what it was done to, and what. */
  action: string;
  subject: { type: string; id: string; name: string | null };
  /** The names of the fields that changed; never their values, which may be secrets. */
  changed: string[];
}

/** Only ever appended to. */
export function auditEntryModel(connection: Connection): Model<AuditEntryDoc> {
  const text = { type: String, required: true } as const;
  const part = { _id: false, id: false } as const;
  const schema = new Schema<AuditEntryDoc>(
    {
      _id: text,
      org_id: text,
      at: { type: Date, required: true },
      actor: { type: new Schema({ id: text, name: text, via: text }, part), required: true },
      action: text,
      subject: {
        type: new Schema(
          { type: { type: String, required: true }, id: text, name: { type: String, default: null } },
          part,
        ),
        required: true,
      },
      changed: { type: [String], default: [] },
    },
    { ...schemaOptions, collection: 'audit_entries' },
  );
  schema.index({ org_id: 1, _id: -1 });
  return connection.model<AuditEntryDoc>('AuditEntry', schema);
}
