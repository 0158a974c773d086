import { Schema, type Connection, type Model } from 'mongoose';
import { schemaOptions } from '../db/schema-options.js';
import { evidenceStatuses, type EvidenceStatus } from '../integrations/evidence-status.js';

export interface EvidenceRequestDoc {
  _id: string;
  org_id: string;
  title: string;
  description: string;
  due_at: Date | null;
  assignee: string | null;
  control_refs: string[];
  status: EvidenceStatus;
  created_at: Date;
  updated_at: Date;
}

export function evidenceRequestModel(connection: Connection): Model<EvidenceRequestDoc> {
  const schema = new Schema<EvidenceRequestDoc>(
    {
      _id: { type: String, required: true },
      org_id: { type: String, required: true },
      title: { type: String, required: true },
      // Not `required`: mongoose takes an empty text for a missing one.
      description: { type: String, default: '' },
      due_at: { type: Date, default: null },
      assignee: { type: String, default: null },
      control_refs: { type: [String], default: [] },
      status: { type: String, required: true, enum: evidenceStatuses },
      created_at: { type: Date, required: true },
      updated_at: { type: Date, required: true },
    },
    { ...schemaOptions, collection: 'evidence_requests' },
  );
  schema.index({ org_id: 1, _id: -1 });
  schema.index({ org_id: 1, status: 1, _id: -1 });
  return connection.model<EvidenceRequestDoc>('EvidenceRequest', schema);
}
