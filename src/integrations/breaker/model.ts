import { Schema, type Connection, type Model } from 'mongoose';
import { schemaOptions } from '../../db/schema-options.js';

/** What a tracker has said to all calls of a scope, so that every process knows. */
export interface TrackerStateDoc {
  /** A connection's id, or `env/` and a provider's name. */
  _id: string;
  /** Of the settings that were refused; what was refused of older ones says nothing. */
  version: number;
  /** When the credentials were refused; null while they are not. */
  refused_at: Date | null;
  /** Of that refusal: what every call is answered meanwhile. */
  code: string | null;
  words: string | null;
  /** From then on one call is let through, to see whether they are still refused. */
  next_call_at: Date | null;
  /** Before this the tracker asked to be left alone, in these words. */
  hold_until: Date | null;
  hold_code: string | null;
  hold_words: string | null;
  /** Since when it hasn't answered; null while it does. Documents of older releases lack these four. */
  unreachable_since?: Date | null;
  /** What happened last, in words. */
  unreachable_message?: string | null;
  /** From then on one call is let through, to see whether it answers. */
  probe_at?: Date | null;
  /** Such calls that found it as it was. */
  probes?: number;
}

export function trackerStateModel(connection: Connection): Model<TrackerStateDoc> {
  const text = { type: String, default: null };
  const date = { type: Date, default: null };
  const schema = new Schema<TrackerStateDoc>(
    {
      _id: { type: String, required: true },
      version: { type: Number, required: true },
      refused_at: date,
      code: text,
      words: text,
      next_call_at: date,
      hold_until: date,
      hold_code: text,
      hold_words: text,
      unreachable_since: date,
      unreachable_message: text,
      probe_at: date,
      probes: { type: Number, default: 0 },
    },
    { ...schemaOptions, collection: 'tracker_states' },
  );
  // For metrics.
  schema.index({ refused_at: 1 }, { name: 'by_refused_at' });
  schema.index({ hold_until: 1 }, { name: 'by_hold_until' });
  schema.index({ unreachable_since: 1 }, { name: 'by_unreachable_since' });
  return connection.model<TrackerStateDoc>('TrackerState', schema);
}
