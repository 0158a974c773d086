import { Schema, type Connection, type Model } from 'mongoose';
import { schemaOptions } from '../../db/schema-options.js';
import { eventTypes, type EventType } from '../../events/types.js';

/** `parked`: its endpoint is sick, and is being probed; it is released in its order when the endpoint is well again. */
export const deliveryStatuses = ['pending', 'retrying', 'parked', 'succeeded', 'failed', 'cancelled'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

export const triggers = ['automatic', 'manual', 'test', 'recovery'] as const;
export type Trigger = (typeof triggers)[number];

/**
 * One event on its way to one endpoint. Its id follows from both, so there is one. It is inserted before its event: one
 * whose event never came was never accepted, and is dropped.
 */
export interface DeliveryDoc {
  _id: string;
  org_id: string;
  endpoint_id: string;
  /** Unique within its endpoint; the order of an ordered one, and of the history. */
  event_id: string;
  event_type: EventType;
  /** Of its endpoint: which pumps it belongs to. */
  partition: number;
  /** Of its endpoint when the event came: a pump that knows an older one reads it again. */
  endpoint_version?: number;
  status: DeliveryStatus;
  /** How many attempts are on record. */
  attempts: number;
  /** Automatic tries that failed, since it began or was sent again: its place in the retry schedule. */
  failures: number;
  /** Why the next try is made. */
  trigger: Trigger;
  /** When it is due; null when it is settled or parked. While it is claimed: when the claim is void. */
  next_attempt_at: Date | null;
  /** The epoch of the pump that has it; null when none has. Outcomes of an older epoch do not count. */
  epoch: number | null;
  created_at: Date;
  settled_at: Date | null;
}

/** One try, on record. Only ever inserted. */
export interface AttemptDoc {
  /** Delivery and number, for there is one of each. */
  _id: string;
  delivery_id: string;
  number: number;
  at: Date;
  trigger: Trigger;
  response_code: number | null;
  duration_ms: number;
  /** In our words and a code: never an address that was dialled. */
  error: string | null;
  /** The start of the answer, at most 4 KiB. */
  response_body: string;
}

const text = { type: String, required: true } as const;
const number = { type: Number, required: true } as const;
const date = { type: Date, required: true } as const;
const nullable = { default: null } as const;

export function deliveryModel(connection: Connection, retentionDays = 30): Model<DeliveryDoc> {
  const schema = new Schema<DeliveryDoc>(
    {
      _id: text,
      org_id: text,
      endpoint_id: text,
      event_id: text,
      event_type: { ...text, enum: eventTypes },
      partition: number,
      endpoint_version: Number,
      status: { ...text, enum: deliveryStatuses },
      attempts: number,
      failures: number,
      trigger: { ...text, enum: triggers },
      next_attempt_at: { type: Date, ...nullable },
      epoch: { type: Number, ...nullable },
      created_at: date,
      settled_at: { type: Date, ...nullable },
    },
    { ...schemaOptions, collection: 'deliveries' },
  );
  schema.index({ next_attempt_at: 1 }, { name: 'due' });
  // The history, and the order of what an endpoint is still to get. Ascending: see escalations.
  schema.index({ endpoint_id: 1, status: 1, event_id: 1 }, { name: 'of_an_endpoint' });
  schema.index({ created_at: 1 }, { expireAfterSeconds: retentionDays * 86_400, name: 'dropped_in_time' });
  return connection.model<DeliveryDoc>('Delivery', schema);
}

export function attemptModel(connection: Connection, retentionDays = 30): Model<AttemptDoc> {
  const schema = new Schema<AttemptDoc>(
    {
      _id: text,
      delivery_id: text,
      number,
      at: date,
      trigger: { ...text, enum: triggers },
      response_code: { type: Number, ...nullable },
      duration_ms: number,
      error: { type: String, ...nullable },
      // Not `required`: mongoose takes an empty text for a missing one.
      response_body: { type: String, default: '' },
    },
    { ...schemaOptions, collection: 'delivery_attempts' },
  );
  schema.index({ delivery_id: 1, number: 1 }, { name: 'of_a_delivery' });
  schema.index({ at: 1 }, { expireAfterSeconds: retentionDays * 86_400, name: 'dropped_in_time' });
  return connection.model<AttemptDoc>('DeliveryAttempt', schema);
}
