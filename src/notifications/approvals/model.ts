import { Schema, type Connection, type Model } from 'mongoose';
import { schemaOptions } from '../../db/schema-options.js';
import { moments, type Moment } from '../notification.js';
import { channelTypes, type ChannelType } from '../port.js';
import { settingsFields, type SettingsDoc } from '../../auth/settings/document.js';
import { severities, type Severity } from '../../lib/severity.js';

export interface ChannelDoc {
  id: string;
  type: ChannelType;
  name: string;
  min_severity: Severity;
  /** The API's `on`, which is a word of mongoose's own. */
  moments: Moment[];
  enabled: boolean;
  /** Sealed, as are the two below; null where there is none. */
  url: string | null;
  routing_key: string | null;
  secret: string | null;
}

/** An org without one has no channels. */
export interface ApprovalsDoc extends SettingsDoc {
  channels: ChannelDoc[];
}

export function approvalsModel(connection: Connection): Model<ApprovalsDoc> {
  const text = { type: String, required: true } as const;
  const encrypted = { type: String, default: null } as const;
  const channel = new Schema<ChannelDoc>(
    {
      id: text,
      type: { type: String, required: true, enum: channelTypes },
      name: text,
      min_severity: { type: String, required: true, enum: severities },
      moments: { type: [{ type: String, enum: moments }], required: true },
      enabled: { type: Boolean, required: true },
      url: encrypted,
      routing_key: encrypted,
      secret: encrypted,
    },
    { _id: false, id: false },
  );
  const schema = new Schema<ApprovalsDoc>(
    { ...settingsFields, channels: { type: [channel], default: [] } },
    { ...schemaOptions, collection: 'approvals' },
  );
  return connection.model<ApprovalsDoc>('Approvals', schema);
}
