import { Schema, type Connection, type Model } from 'mongoose';
import { schemaOptions } from '../db/schema-options.js';
import type { MappedSeverity, Severity } from '../lib/severity.js';
import { eventTypes, type EventType } from './types.js';

/** What happened. Only ever inserted, but for `due` and `due_after`. */
export interface EventDoc {
  _id: string;
  org_id: string;
  type: EventType;
  /** The data as JSON text: `$`, dots and `__proto__` in it stay text. */
  data: string;
  occurred_at: Date;
  /** The sender's own id, if it gave one: the same one twice is one event. */
  source_id: string | null;
  /** What makes it one event: of its sender's id, else of its own. */
  dedupe_key: string;
  /** The escalation that it raises, decided when it came: made from here, whatever crashes. */
  raise: EventRaise | null;
  /** Whether something is still to be made of it: an escalation, or a notice. */
  due: boolean;
  /** While it is due, when the dispatcher is to see to it, if nothing else has. */
  due_after?: Date;
  created_at: Date;
}

/** The escalation that an event raises, apart from the event's data. Plain values: it is stored as it is. */
export interface EventRaise {
  escalation_id: string;
  policy: { id: string; name: string };
  severity: Severity;
  title: string | null;
  kind: 'review' | 'approval';
  terms: EscalationTerms;
}

/** What an org's routing says of one escalation, fixed when it is raised: later changes of the routing don't affect it. */
export interface EscalationTerms {
  open_ticket: boolean;
  connection_id: string | null;
  mapped_severity: MappedSeverity;
  on_resolve: 'comment' | 'close';
  acknowledge_due_at: Date | null;
  resolve_due_at: Date | null;
}

/**
 * What is sent again or recovered on the last day of retention may be on its way for this long: four days by the schedule,
 * five while its endpoint is parked. Its event is to be there until then, or it would be dropped as never accepted.
 */
const graceDays = 10;
const daySeconds = 86_400;

/**
 * Events are dropped some days after the last of the deliveries that were made of them. Until then the sender's `id` is known.
 * @param retentionDays of deliveries and attempts
 */
export function eventModel(connection: Connection, retentionDays = 30): Model<EventDoc> {
  const schema = new Schema<EventDoc>(
    {
      _id: { type: String, required: true },
      org_id: { type: String, required: true },
      type: { type: String, required: true, enum: eventTypes },
      data: { type: String, required: true },
      occurred_at: { type: Date, required: true },
      source_id: { type: String, default: null },
      dedupe_key: { type: String, required: true },
      raise: { type: Schema.Types.Mixed, default: null },
      due: { type: Boolean, required: true },
      due_after: { type: Date },
      created_at: { type: Date, required: true },
    },
    { ...schemaOptions, collection: 'events' },
  );
  schema.index({ org_id: 1, dedupe_key: 1 }, { unique: true, name: 'an_event_once' });
  schema.index({ org_id: 1, _id: 1 }, { name: 'of_an_org' });
  schema.index({ due_after: 1 }, { partialFilterExpression: { due: true }, name: 'due' });
  const expireAfterSeconds = (retentionDays + graceDays) * daySeconds;
  schema.index({ created_at: 1 }, { expireAfterSeconds, name: 'dropped_in_time' });
  return connection.model<EventDoc>('Event', schema);
}
