import { Schema, type Connection, type Model } from 'mongoose';
import { schemaOptions } from '../../db/schema-options.js';
import { eventTypes, type EventType } from '../../events/types.js';

/** Why we disabled an endpoint: its receiver answered 410, or nothing got through for days. */
export const disabledReasons = ['gone', 'failing'] as const;
export type DisabledReason = (typeof disabledReasons)[number];

/** More than anybody needs, and few enough to fan out to. */
export const maxEndpoints = 500;

export interface SecretDoc {
  id: string;
  sealed: string;
  created_at: Date;
  /** When a former one stops signing; null for the newest, which does not. */
  expires_at: Date | null;
}

export interface HeaderDoc {
  /** As it was written. */
  name: string;
  sealed: string;
}

/** A receiver of events, as people set it up. What its deliveries come to is kept elsewhere. */
export interface EndpointDoc {
  _id: string;
  org_id: string;
  /** Unique within its org, below `maxEndpoints`: creates at once cannot exceed it together. */
  slot: number;
  /** In clear: answers show it. */
  url: string;
  /** At least one, none twice; a test sends the first. */
  events: EventType[];
  description: string;
  /** No name twice, in whatever case. */
  headers: HeaderDoc[];
  rate_limit_per_second: number | null;
  ordered: boolean;
  enabled: boolean;
  /** Null while it is enabled, and when people disabled it. */
  disabled_reason: DisabledReason | null;
  disabled_at: Date | null;
  /** The newest first; at most two. */
  secrets: SecretDoc[];
  /** Counts the changes, whoever made them. */
  version: number;
  /** The share of the pumps that its deliveries are in. */
  partition: number;
  created_at: Date;
  updated_at: Date;
}

export function endpointModel(connection: Connection): Model<EndpointDoc> {
  const text = { type: String, required: true } as const;
  const date = { type: Date, required: true } as const;
  const part = { _id: false, id: false } as const;
  const secret = new Schema<SecretDoc>(
    { id: text, sealed: text, created_at: date, expires_at: { type: Date, default: null } },
    part,
  );
  const header = new Schema<HeaderDoc>({ name: text, sealed: text }, part);
  const schema = new Schema<EndpointDoc>(
    {
      _id: text,
      org_id: text,
      slot: { type: Number, required: true },
      url: text,
      events: { type: [{ type: String, enum: eventTypes }], required: true },
      // Not `required`: mongoose takes an empty text for a missing one.
      description: { type: String, default: '' },
      headers: { type: [header], default: [] },
      rate_limit_per_second: { type: Number, default: null },
      ordered: { type: Boolean, required: true },
      enabled: { type: Boolean, required: true },
      disabled_reason: { type: String, enum: [...disabledReasons, null], default: null },
      disabled_at: { type: Date, default: null },
      secrets: { type: [secret], required: true },
      version: { type: Number, required: true },
      partition: { type: Number, required: true },
      created_at: date,
      updated_at: date,
    },
    { ...schemaOptions, collection: 'webhook_endpoints' },
  );
  schema.index({ org_id: 1, _id: -1 });
  schema.index({ org_id: 1, enabled: 1 });
  // For metrics, over all orgs.
  schema.index({ disabled_reason: 1 }, { name: 'by_disabled_reason' });
  // Taken by an insert and given up by a delete, never by an update.
  schema.index({ org_id: 1, slot: 1 }, { unique: true, name: 'an_endpoint_a_slot' });
  return connection.model<EndpointDoc>('WebhookEndpoint', schema);
}
