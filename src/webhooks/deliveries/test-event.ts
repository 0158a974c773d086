import { Schema, type Connection, type Model } from 'mongoose';
import { schemaOptions } from '../../db/schema-options.js';
import { eventTypes, type EventType } from '../../events/types.js';
import type { Message } from '../pump/body.js';

/**
 * What a test sent. Not among the events: nothing happened, so nothing is raised, told or recovered from it, and the pumps
 * never meet it.
 */
export interface TestEventDoc {
  _id: string;
  org_id: string;
  type: EventType;
  /** JSON text. */
  data: string;
  occurred_at: Date;
}

export function testEventModel(connection: Connection, retentionDays = 30): Model<TestEventDoc> {
  const text = { type: String, required: true } as const;
  const schema = new Schema<TestEventDoc>(
    {
      _id: text,
      org_id: text,
      type: { ...text, enum: eventTypes },
      data: text,
      occurred_at: { type: Date, required: true },
    },
    { ...schemaOptions, collection: 'webhook_test_events' },
  );
  schema.index({ occurred_at: 1 }, { expireAfterSeconds: retentionDays * 86_400, name: 'dropped_in_time' });
  return connection.model<TestEventDoc>('WebhookTestEvent', schema);
}

/** As an event's, and marked: a receiver is not to take it for one. */
export function testMessageOf(event: TestEventDoc): Message {
  const { id, org_id, occurred_at, type, data } = { ...event, id: event._id };
  const rest = JSON.stringify({ id, org_id, test: true, timestamp: occurred_at.toISOString(), type });
  return { id, type, body: Buffer.from(`{"data":${data},${rest.slice(1)}`, 'utf8') };
}
