import type { SlaClock } from '../../workflows/contracts/escalation.js';
import type { EscalationTerms } from '../events/model.js';
import { Schema, type Connection, type Model } from 'mongoose';
import { schemaOptions } from '../db/schema-options.js';
import type { Actor } from '../http/caller.js';
import { severities, type Severity } from '../lib/severity.js';

export const escalationStatuses = ['open', 'claimed', 'resolved'] as const;
export type EscalationStatus = (typeof escalationStatuses)[number];

export const escalationKinds = ['review', 'approval'] as const;
export type EscalationKind = (typeof escalationKinds)[number];

export const resolutions = ['approved', 'denied', 'dismissed', 'remediated'] as const;
export type Resolution = (typeof resolutions)[number];

export interface Gateway {
  id: string;
  name: string | null;
  environment: string | null;
}

/** Who did what was escalated. */
export interface EscalatedActor {
  id: string | null;
  name: string | null;
  email: string | null;
  type: string | null;
}

export const entryKinds = ['raised', 'claimed', 'released', 'noted', 'overdue', 'resolved'] as const;

/** Something that happened to an escalation, and what the bridge is to make of it. Applied in the order of `seq`. */
export interface HistoryEntry {
  seq: number;
  /** The same request repeated has the same id, and is one entry. */
  id: string;
  kind: (typeof entryKinds)[number];
  at: Date;
  /** Null for what no one did: raising, and a clock that ran out. */
  by: Actor | null;
  /** A note's text, or what was said with the resolution. */
  text: string | null;
  /** Which clock, of `overdue`. */
  clock: SlaClock | null;
}

/** A risky interaction in the review queue. Its insert is its first command; each change appends an entry to `history`. */
export interface EscalationDoc {
  _id: string;
  org_id: string;
  /** What makes it one escalation: its raiser's id, else its own. */
  dedupe_key: string;
  kind: EscalationKind;
  status: EscalationStatus;
  severity: Severity;
  title: string;
  reason: string | null;
  gateway: Gateway | null;
  actor: EscalatedActor | null;
  /** JSON text. */
  context: string | null;
  policy: { id: string; name: string } | null;
  event_id: string | null;
  /** The raiser's own id. */
  source_id: string | null;
  /** `src_…` when a queue elsewhere decides. */
  source: string | null;
  /** Its raiser's page; null: ours. */
  review_url: string | null;
  claimed_by: Actor | null;
  claimed_at: Date | null;
  /** When it was first claimed, which is what `acknowledge_due_at` waits for. */
  acknowledged_at: Date | null;
  resolution: Resolution | null;
  resolved_by: Actor | null;
  resolved_at: Date | null;
  breached: SlaClock | null;
  terms: EscalationTerms;
  history: HistoryEntry[];
  /** The last entry's; every change is a compare-and-set on it. */
  last_seq: number;
  /** The last entry that the bridge has done everything for. */
  applied_seq: number;
  /**
   * When the dispatcher wakes the workflow, unless something else does first; null when nothing is due.
   * The stored name stays: renaming it would take a second index, and reads of both names while old and new processes run.
   */
  ring_after: Date | null;
  /** How often the dispatcher has woken the workflow since its last progress. Named like `ring_after`. */
  rings: number;
  /** The search terms of `q`, under their stored name. */
  words: string[];
  created_at: Date;
  updated_at: Date;
}

const text = { type: String, required: true } as const;
const nullableText = { type: String, default: null } as const;
const nullableDate = { type: Date, default: null } as const;
const part = { _id: false, id: false } as const;
const person = { type: new Schema<Actor>({ id: text, name: text, via: text }, part), default: null };

const entry = new Schema<HistoryEntry>(
  {
    seq: { type: Number, required: true },
    id: text,
    kind: { ...text, enum: entryKinds },
    at: { type: Date, required: true },
    by: person,
    text: nullableText,
    clock: nullableText,
  },
  part,
);

const schema = new Schema<EscalationDoc>(
  {
    _id: text,
    org_id: text,
    dedupe_key: text,
    kind: { ...text, enum: escalationKinds },
    status: { ...text, enum: escalationStatuses },
    severity: { ...text, enum: severities },
    title: text,
    reason: nullableText,
    gateway: { type: Schema.Types.Mixed, default: null },
    actor: { type: Schema.Types.Mixed, default: null },
    context: nullableText,
    policy: { type: Schema.Types.Mixed, default: null },
    event_id: nullableText,
    source_id: nullableText,
    source: nullableText,
    review_url: nullableText,
    claimed_by: person,
    claimed_at: nullableDate,
    acknowledged_at: nullableDate,
    resolution: nullableText,
    resolved_by: person,
    resolved_at: nullableDate,
    breached: nullableText,
    terms: { type: Schema.Types.Mixed, required: true },
    history: { type: [entry], required: true },
    last_seq: { type: Number, required: true },
    applied_seq: { type: Number, required: true },
    ring_after: nullableDate,
    rings: { type: Number, default: 0 },
    words: { type: [String], default: [] },
    created_at: { type: Date, required: true },
    updated_at: { type: Date, required: true },
  },
  { ...schemaOptions, collection: 'escalations' },
);
schema.index({ org_id: 1, dedupe_key: 1 }, { unique: true, name: 'an_escalation_once' });
// Ascending: a server reads either direction, and the embedded stand-in cuts ranges on ascending ones only.
schema.index({ org_id: 1, _id: 1 }, { name: 'queue' });
schema.index({ org_id: 1, status: 1, _id: 1 }, { name: 'queue_by_status' });
schema.index({ org_id: 1, severity: 1, _id: 1 }, { name: 'queue_by_severity' });
schema.index({ org_id: 1, status: 1, severity: 1, _id: 1 }, { name: 'queue_by_both' });
schema.index({ org_id: 1, words: 1, _id: 1 }, { name: 'queue_by_word' });
schema.index({ ring_after: 1 }, { name: 'by_ring_after' });
// For metrics, over all orgs.
schema.index({ status: 1, severity: 1, breached: 1 }, { name: 'by_status' });

export const escalationModel = (connection: Connection): Model<EscalationDoc> =>
  connection.model<EscalationDoc>('Escalation', schema);
