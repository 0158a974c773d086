import { Schema, type Connection, type Model } from 'mongoose';
import { schemaOptions } from '../db/schema-options.js';

export interface OrgDoc {
  /** The slug that callers chose. */
  _id: string;
  name: string;
  /** The id of the request that made it: its repetition finds its own org, anybody else's finds a taken name. */
  creation_id: string;
  created_at: Date;
  updated_at: Date;
}

export function orgModel(connection: Connection): Model<OrgDoc> {
  const schema = new Schema<OrgDoc>(
    {
      _id: { type: String, required: true },
      name: { type: String, required: true },
      creation_id: { type: String, required: true },
      created_at: { type: Date, required: true },
      updated_at: { type: Date, required: true },
    },
    { ...schemaOptions, collection: 'orgs' },
  );
  schema.index({ created_at: -1, _id: -1 });
  return connection.model<OrgDoc>('Org', schema);
}
