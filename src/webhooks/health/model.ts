import { Schema, type Connection, type Model } from 'mongoose';
import { schemaOptions } from '../../db/schema-options.js';

/** `open`: its breaker is, so what is new is parked while it is probed. */
export const breakerStates = ['closed', 'open'] as const;
export type BreakerState = (typeof breakerStates)[number];

/** How an endpoint has been answering. Written by pumps and probes, in bulk; an endpoint without one was never tried. */
export interface HealthDoc {
  /** The endpoint's. */
  _id: string;
  org_id: string;
  breaker: BreakerState;
  /** Tries in a row that failed. */
  failures_in_a_row: number;
  /** When the first of them failed. */
  failing_since: Date | null;
  last_success_at: Date | null;
  last_failure_at: Date | null;
  /** When the breaker opened. */
  opened_at: Date | null;
  /** Probes since then. */
  probes: number;
  next_probe_at: Date | null;
  /**
   * When the dispatcher wakes the endpoint's workflow, unless something else does first; null when nothing is due.
   * The stored name stays: renaming it would take a second index, and reads of both names while old and new processes run.
   */
  ring_after: Date | null;
  updated_at: Date;
}

const nullableDate = { type: Date, default: null } as const;

export function healthModel(connection: Connection): Model<HealthDoc> {
  const schema = new Schema<HealthDoc>(
    {
      _id: { type: String, required: true },
      org_id: { type: String, required: true },
      breaker: { type: String, required: true, enum: breakerStates },
      failures_in_a_row: { type: Number, required: true },
      failing_since: nullableDate,
      last_success_at: nullableDate,
      last_failure_at: nullableDate,
      opened_at: nullableDate,
      probes: { type: Number, default: 0 },
      next_probe_at: nullableDate,
      ring_after: nullableDate,
      updated_at: { type: Date, required: true },
    },
    { ...schemaOptions, collection: 'webhook_health' },
  );
  schema.index({ ring_after: 1 }, { name: 'by_ring_after' });
  // What the pumps look for each second.
  schema.index({ breaker: 1 }, { name: 'by_breaker' });
  return connection.model<HealthDoc>('WebhookHealth', schema);
}
