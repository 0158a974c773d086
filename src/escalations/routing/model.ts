import { Schema, type Connection, type Model } from 'mongoose';
import { schemaOptions } from '../../db/schema-options.js';
import { settingsFields, type SettingsDoc } from '../../auth/settings/document.js';
import { severities } from '../../lib/severity.js';
import type { Routing } from './routing.js';

/** An org without one has the default routing. */
export interface RoutingDoc extends SettingsDoc, Routing {}

export function routingModel(connection: Connection): Model<RoutingDoc> {
  const text = { type: String, required: true } as const;
  const ticket = new Schema<Routing['ticket']>(
    {
      enabled: { type: Boolean, required: true },
      min_severity: { ...text, enum: severities },
      connection_id: { type: String, default: null },
    },
    { _id: false, id: false },
  );
  const schema = new Schema<RoutingDoc>(
    {
      ...settingsFields,
      ticket: { type: ticket, required: true },
      // By severity, as the request's schema has let them through: no name in them is a caller's.
      severity_map: { type: Schema.Types.Mixed, required: true },
      on_resolve: text,
      sla: { type: Schema.Types.Mixed, required: true },
    },
    { ...schemaOptions, collection: 'escalation_routing' },
  );
  return connection.model<RoutingDoc>('EscalationRouting', schema);
}
