import { Schema, type Connection, type Model } from 'mongoose';
import { schemaOptions } from '../../db/schema-options.js';
import { settingsFields, type SettingsDoc } from '../../auth/settings/document.js';
import { severities, type Severity } from '../../lib/severity.js';
import { escalationKinds, type EscalationKind } from '../model.js';

export interface PolicyDoc {
  id: string;
  name: string;
  enabled: boolean;
  /** JSON text: whatever its fields are called, to MongoDB it is only text. */
  match: string;
  severity: Severity;
  title: string | null;
  kind: EscalationKind;
}

/** An org without one escalates no event. */
export interface PoliciesDoc extends SettingsDoc {
  /** In the order in which they are asked. */
  policies: PolicyDoc[];
}

export function policiesModel(connection: Connection): Model<PoliciesDoc> {
  const text = { type: String, required: true } as const;
  const policy = new Schema<PolicyDoc>(
    {
      id: text,
      name: text,
      enabled: { type: Boolean, required: true },
      match: text,
      severity: { ...text, enum: severities },
      title: { type: String, default: null },
      kind: { ...text, enum: escalationKinds },
    },
    { _id: false, id: false },
  );
  const schema = new Schema<PoliciesDoc>(
    { ...settingsFields, policies: { type: [policy], default: [] } },
    { ...schemaOptions, collection: 'escalation_policies' },
  );
  return connection.model<PoliciesDoc>('EscalationPolicies', schema);
}
