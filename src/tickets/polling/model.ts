import { Schema, type Connection, type Model } from 'mongoose';
import { schemaOptions } from '../../db/schema-options.js';

/** How far a tracker has been asked for what no webhook brought. */
export interface PollDoc {
  /** A connection's id, or `env-jira`, `env-servicenow`. */
  _id: string;
  /** The tracker's clock: everything that changed before this was seen. */
  watermark: Date;
  /** From when on a ticket's comments are read; it follows the watermark when a poll has seen everything that changed. */
  comments_since: Date;
  /** Tickets that were seen as they were then, as far back as the next poll looks: `{inner id or name}@{ms}`. */
  seen: string[];
  last_run_at: Date;
  /** Of the last run. */
  changed: number;
  comments: number;
  statuses: number;
  /** A short code; null when nothing did. */
  failed: string | null;
}

const schema = new Schema<PollDoc>(
  {
    _id: { type: String, required: true },
    watermark: { type: Date, required: true },
    comments_since: { type: Date, required: true },
    seen: { type: [String], default: [] },
    last_run_at: { type: Date, required: true },
    changed: { type: Number, default: 0 },
    comments: { type: Number, default: 0 },
    statuses: { type: Number, default: 0 },
    failed: { type: String, default: null },
  },
  { ...schemaOptions, collection: 'tracker_polls' },
);

export const pollModel = (connection: Connection): Model<PollDoc> => connection.model<PollDoc>('TrackerPoll', schema);
