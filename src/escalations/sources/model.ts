import { Schema, type Connection, type Model } from 'mongoose';
import { schemaOptions } from '../../db/schema-options.js';

/** A governance product elsewhere, whose queue decides on what it raises here. */
export interface SourceDoc {
  _id: string;
  org_id: string;
  name: string;
  /** Sealed. */
  secret: string;
  /** Set when its deletion began: from then on it is not listened to. */
  ended_at: Date | null;
  created_at: Date;
}

export function sourceModel(connection: Connection): Model<SourceDoc> {
  const text = { type: String, required: true } as const;
  const schema = new Schema<SourceDoc>(
    {
      _id: text,
      org_id: text,
      name: text,
      secret: text,
      ended_at: { type: Date, default: null },
      created_at: { type: Date, required: true },
    },
    { ...schemaOptions, collection: 'sources' },
  );
  schema.index({ org_id: 1, _id: -1 });
  return connection.model<SourceDoc>('Source', schema);
}
