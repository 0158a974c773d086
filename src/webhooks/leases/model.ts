import { Schema, type Connection, type Model } from 'mongoose';
import { schemaOptions } from '../../db/schema-options.js';

/** Which process pumps, and for how long it may if it is not heard of again. One document a pump. */
export interface PumpLeaseDoc {
  /** `pump/{n}`. */
  _id: string;
  /** Of the term that holds it: greater than that of any term before, of whichever pump. */
  epoch: number;
  /** How many pumps share the partitions, as this term knows it. */
  pumps: number;
  /** The worker's identity. */
  holder: string;
  lease_until: Date;
  updated_at: Date;
}

/** How many pumps there are to be, and the last epoch that was given. One document. */
export interface PumpPlanDoc {
  _id: string;
  pumps: number;
  epochs: number;
  updated_at: Date;
}

const text = { type: String, required: true } as const;
const number = { type: Number, required: true } as const;
const date = { type: Date, required: true } as const;

export function pumpLeaseModel(connection: Connection): Model<PumpLeaseDoc> {
  const schema = new Schema<PumpLeaseDoc>(
    { _id: text, epoch: number, pumps: number, holder: text, lease_until: date, updated_at: date },
    { ...schemaOptions, collection: 'pump_leases' },
  );
  return connection.model<PumpLeaseDoc>('PumpLease', schema);
}

export function pumpPlanModel(connection: Connection): Model<PumpPlanDoc> {
  const schema = new Schema<PumpPlanDoc>(
    { _id: text, pumps: number, epochs: number, updated_at: date },
    { ...schemaOptions, collection: 'pump_plan' },
  );
  return connection.model<PumpPlanDoc>('PumpPlan', schema);
}
