import { Schema, type Connection, type Model } from 'mongoose';
import { schemaOptions } from '../../db/schema-options.js';
import type { AuditSource } from '../../http/audit.js';
import type { Actor } from '../../http/caller.js';

/**
 * `failed`: the call was answered with a status from 500 on; what it changed before that is in `changes`. `interrupted`: the
 * process ended before the record was complete. `refused`: a sign-in, or a call with a key that is no longer valid.
 */
export const auditOutcomes = ['succeeded', 'failed', 'interrupted', 'refused'] as const;
export type AuditOutcome = (typeof auditOutcomes)[number];

/** The log of what belongs to no org; no org can have this id. */
export const systemLog = '_system';

export interface AuditEntryDoc {
  _id: string;
  org_id: string;
  at: Date;
  actor: Actor;
  source: AuditSource | null;
  /** `api_key.created`, `connection.updated`, `escalation_routing.replaced`: what it was done to, and what. */
  action: string;
  outcome?: AuditOutcome;
  subject: { type: string; id: string; name: string | null };
  /** The names of the fields that changed; of secrets there is no more. */
  changed: string[];
  /** JSON of `AuditChanges`: the values of fields that are no secrets. Text, because names may hold dots and `$`. */
  changes?: string;
  /** The place in the org's chain. Entries of older versions get theirs when an API process starts. */
  seq?: number;
  prev_hash?: string;
  hash?: string;
}

/** An entry that has no place in the chain yet. */
export type AuditDraft = Omit<AuditEntryDoc, 'seq' | 'prev_hash' | 'hash'>;

/** A call whose record isn't complete. Stored before the call changes anything, and removed when its entry is stored. */
export interface AuditIntentDoc {
  /** The id that the entry gets. */
  _id: string;
  at: Date;
  /** JSON of an `Intent`. */
  intent: string;
}

const text = { type: String, required: true } as const;
const part = { _id: false, id: false } as const;

/** Entries are only ever appended. Old entries, which have no hash, are given one once. */
export function auditEntryModel(connection: Connection): Model<AuditEntryDoc> {
  const optionalText = { type: String, default: null };
  const source = new Schema(
    { kind: text, address: optionalText, requestId: optionalText, session: optionalText },
    part,
  );
  const subject = new Schema({ type: { type: String, required: true }, id: text, name: optionalText }, part);
  const schema = new Schema<AuditEntryDoc>(
    {
      _id: text,
      org_id: text,
      at: { type: Date, required: true },
      actor: { type: new Schema({ id: text, name: text, via: text }, part), required: true },
      source: { type: source, default: null },
      action: text,
      outcome: { type: String, enum: auditOutcomes, default: 'succeeded' },
      subject: { type: subject, required: true },
      changed: { type: [String], default: [] },
      changes: { type: String, default: '{}' },
      seq: { type: Number },
      prev_hash: { type: String },
      hash: { type: String },
    },
    { ...schemaOptions, collection: 'audit_entries' },
  );
  schema.index({ org_id: 1, _id: -1 });
  schema.index({ org_id: 1, 'subject.id': 1, _id: -1 });
  schema.index({ org_id: 1, 'actor.id': 1, _id: -1 });
  schema.index({ org_id: 1, action: 1, _id: -1 });
  // What keeps the chain a chain: of two processes that append at the same place, one fails and reads the head again.
  schema.index(
    { org_id: 1, seq: 1 },
    { unique: true, partialFilterExpression: { hash: { $type: 'string' } }, name: 'one_entry_a_place' },
  );
  schema.index({ seq: 1, _id: 1 }, { name: 'without_a_place' });
  return connection.model<AuditEntryDoc>('AuditEntry', schema);
}

export function auditIntentModel(connection: Connection): Model<AuditIntentDoc> {
  const schema = new Schema<AuditIntentDoc>(
    { _id: text, at: { type: Date, required: true }, intent: text },
    { ...schemaOptions, collection: 'audit_intents' },
  );
  schema.index({ at: 1 });
  return connection.model<AuditIntentDoc>('AuditIntent', schema);
}
