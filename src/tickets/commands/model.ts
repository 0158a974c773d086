import type { ReopenPolicy } from '../../integrations/reopen-policy.js';
import { Schema, type Connection, type Model } from 'mongoose';
import { schemaOptions } from '../../db/schema-options.js';

/** What one write to a ticket holds; the create is not among them, it is the link itself. */
export type CommandPayload =
  { kind: 'comment'; comment_id: string; author: string; body: string } | { kind: 'close' } | InboundPayload;

export interface InboundPayload {
  kind: 'inbound';
  comment: { id: string; external_comment_id: string; author: string; body: string } | null;
  /** As the tracker names it. */
  status: string | null;
  occurred_at: Date | null;
  /** From a tracker with a dialect of its own. Absent: the generic one, whose status is the subject's as well. */
  tracker?: TrackerDetails;
}

/** What such a tracker says besides; each is null where there is no comment, or no status. */
export interface TrackerDetails {
  comment: {
    /** The tracker's clock: when this text was written. */
    at: Date | null;
    is_edited: boolean;
    /** The id of our comment that this one was pushed as, by the mark on it. */
    ours: string | null;
  } | null;
  status: {
    id: string;
    is_done: boolean | null;
    /** By the status map, as it was when this came; null: the subject's status stays. */
    subject_status: string | null;
    on_reopen: ReopenPolicy;
    /** Whether the tracker is to be looked at before it counts: a search says what was. */
    confirm: boolean;
  } | null;
}

export interface InboundResult {
  comment: boolean;
  status: boolean;
}

/**
 * A write to a ticket, accepted. `seq` follows the one before without a gap (the link is 1), and they are applied in
 * that order. `held` waits behind a create that failed; `cancelled` was overtaken by unlinking.
 */
export interface CommandDoc {
  _id: string;
  org_id: string;
  link_id: string;
  seq: number;
  /** Its place in the thread: never before the command ahead of it. */
  at: Date;
  payload: CommandPayload;
  status: 'pending' | 'held' | 'applied' | 'failed' | 'cancelled';
  /** A sender's own id of an inbound event, which is applied once. */
  event_id: string | null;
  result: InboundResult | null;
  error: string | null;
  /** What settling it makes of its link: a crash between the two writes loses nothing. */
  link_change: Record<string, unknown> | null;
  created_at: Date;
  settled_at: Date | null;
}

const schema = new Schema<CommandDoc>(
  {
    _id: { type: String, required: true },
    org_id: { type: String, required: true },
    link_id: { type: String, required: true },
    seq: { type: Number, required: true },
    at: { type: Date, required: true },
    payload: { type: Schema.Types.Mixed, required: true },
    status: { type: String, enum: ['pending', 'held', 'applied', 'failed', 'cancelled'], required: true },
    event_id: { type: String, default: null },
    result: { type: Schema.Types.Mixed, default: null },
    error: { type: String, default: null },
    link_change: { type: Schema.Types.Mixed, default: null },
    created_at: { type: Date, required: true },
    settled_at: { type: Date, default: null },
  },
  { ...schemaOptions, collection: 'ticket_commands' },
);
schema.index({ link_id: 1, seq: 1 }, { unique: true, name: 'seq' });
schema.index(
  { link_id: 1, event_id: 1 },
  { unique: true, partialFilterExpression: { event_id: { $type: 'string' } }, name: 'an_event_once' },
);
schema.index({ created_at: 1 }, { partialFilterExpression: { status: 'pending' }, name: 'due_for_the_sweep' });

export const commandModel = (connection: Connection): Model<CommandDoc> =>
  connection.model<CommandDoc>('TicketCommand', schema);
