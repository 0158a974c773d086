import { Schema, type Connection, type Model } from 'mongoose';
import { schemaOptions } from '../../db/schema-options.js';
import { canonicalJson } from '../../lib/canonical-json.js';
import { eventTypes, type EventType } from '../../events/types.js';
import { messageOf, type Message } from '../pump/body.js';

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
  const message = messageOf(event);
  const envelope = JSON.parse(message.body.toString('utf8')) as object;
  return { ...message, body: Buffer.from(canonicalJson({ ...envelope, test: true }), 'utf8') };
}
