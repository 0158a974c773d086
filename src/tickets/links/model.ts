import { Schema, type Connection, type Model } from 'mongoose';
import { schemaOptions } from '../../db/schema-options.js';
import { providerNames, type ProviderName } from '../../integrations/port.js';
import type { SubjectRef, SubjectSnapshot } from '../subject.js';
import { subjectField } from '../subject-field.js';

/** A write that the tracker took, and when that was on record. */
export interface LastSent {
  kind: 'create' | 'comment' | 'close';
  at: Date;
}

/** A subject's tie to one ticket. Its insert is its create command: the draft holds all that the tracker gets. */
export interface LinkDoc {
  _id: string;
  org_id: string;
  subject: SubjectRef;
  /** The generation of the subject's link, from 1, under its stored name: the next one is inserted only when this one is no longer live. */
  nth: number;
  /** False once it was unlinked, for good; at most one of a subject's links is live. */
  live: boolean;
  provider: ProviderName;
  connection_id: string | null;
  /** Whose ids these are: `env`, or a connection's id. One external id belongs to one live link of its scope. */
  scope: string;
  draft: SubjectSnapshot;
  state: 'open' | 'closed';
  sync_state: 'synced' | 'pending' | 'error';
  /** In the tracker's words, without secrets. */
  last_error: string | null;
  external_id: string | null;
  /** The tracker's inner id, where it has another one than `external_id`. */
  external_ref: string | null;
  external_url: string | null;
  external_status: string | null;
  /** When a create was sent whose outcome is not known; null when none is under way. */
  create_sent_at: Date | null;
  /** `failed` and `pending` hold every command behind them. */
  create_status: 'pending' | 'applied' | 'failed';
  /** Whether the tracker has been told to close, so that a second close is not sent. */
  close_applied: boolean;
  /** Why the tracker refused to close it, until it does. */
  close_error: string | null;
  /** Failed tries of what is being tried now. */
  tries: number;
  /** Before this the tracker is left alone. */
  next_try_at: Date | null;
  /** Since when the tracker hasn't answered; null while it does. Absent on links of older releases. */
  unreachable_since?: Date | null;
  /** The last command that is settled; 0 while the create is not, for the create is seq 1. */
  applied_seq: number;
  /** The newest `occurred_at` that a status came with. */
  status_occurred_at: Date | null;
  /** What the tracker took last from us; null before its ticket, and on links from before this was kept. */
  last_sent: LastSent | null;
  /**
   * When the sweep wakes the workflow, unless something else does first; null when nothing is due.
   * The stored name stays: renaming it would take a second index, and reads of both names while old and new processes run.
   */
  ring_after: Date | null;
  /** A ticket that the tracker made after it was unlinked: on record, never linked. */
  late_external_id: string | null;
  created_at: Date;
  updated_at: Date;
  closed_at: Date | null;
  detached_at: Date | null;
  last_synced_at: Date | null;
}

const nullable = (type: typeof String | typeof Date) => ({ type, default: null });

const schema = new Schema<LinkDoc>(
  {
    _id: { type: String, required: true },
    org_id: { type: String, required: true },
    subject: subjectField,
    nth: { type: Number, required: true },
    live: { type: Boolean, required: true },
    provider: { type: String, enum: providerNames, required: true },
    connection_id: nullable(String),
    scope: { type: String, required: true },
    draft: { type: Schema.Types.Mixed, required: true },
    state: { type: String, enum: ['open', 'closed'], required: true },
    sync_state: { type: String, enum: ['synced', 'pending', 'error'], required: true },
    last_error: nullable(String),
    external_id: nullable(String),
    external_ref: nullable(String),
    external_url: nullable(String),
    external_status: nullable(String),
    create_sent_at: nullable(Date),
    create_status: { type: String, enum: ['pending', 'applied', 'failed'], required: true },
    close_applied: { type: Boolean, default: false },
    close_error: nullable(String),
    tries: { type: Number, default: 0 },
    next_try_at: nullable(Date),
    unreachable_since: nullable(Date),
    applied_seq: { type: Number, default: 0 },
    status_occurred_at: nullable(Date),
    last_sent: { type: Schema.Types.Mixed, default: null },
    ring_after: nullable(Date),
    late_external_id: nullable(String),
    created_at: { type: Date, required: true },
    updated_at: { type: Date, required: true },
    closed_at: nullable(Date),
    detached_at: nullable(Date),
    last_synced_at: nullable(Date),
  },
  { ...schemaOptions, collection: 'ticket_links' },
);
// Not unique where `live`: the embedded stand-in never frees a unique value that an insert took and an update gave up.
schema.index({ org_id: 1, 'subject.type': 1, 'subject.id': 1, nth: 1 }, { unique: true, name: 'links_of_a_subject' });
schema.index(
  { scope: 1, external_id: 1 },
  {
    unique: true,
    partialFilterExpression: { live: true, external_id: { $type: 'string' } },
    name: 'one_live_link_an_external_id',
  },
);
// Of its own: no query is sure to be served by a partial index with $type.
schema.index({ external_id: 1, scope: 1 }, { name: 'by_external_id' });
schema.index({ scope: 1, live: 1 }, { name: 'live_in_a_scope' });
schema.index({ external_ref: 1, scope: 1 }, { name: 'by_external_ref' });
schema.index({ ring_after: 1 }, { name: 'by_ring_after' });
// For metrics: how many are in each state, and since when the oldest waits.
schema.index({ live: 1, sync_state: 1, created_at: 1 }, { name: 'by_sync_state' });

export const linkModel = (connection: Connection): Model<LinkDoc> => connection.model<LinkDoc>('TicketLink', schema);
