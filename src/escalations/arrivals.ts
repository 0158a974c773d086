import type { Model } from 'mongoose';
import { trusted } from '../db/schema-options.js';
import type { EscalationDoc } from './model.js';

export type Arrival = Pick<EscalationDoc, '_id' | 'severity'>;

/** The newest escalations of an org behind an id, newest first: by the queue's index alone. */
export type ReadArrivals = (orgId: string, after: string, most: number) => Promise<Arrival[]>;

export const createReadArrivals =
  (escalations: Model<EscalationDoc>): ReadArrivals =>
  (orgId, after, most) =>
    escalations
      .find({ org_id: orgId, _id: trusted({ $gt: after }) }, { _id: 1, severity: 1 })
      .sort({ _id: -1 })
      .limit(most)
      .lean<Arrival[]>()
      .exec();
