import type { Model } from 'mongoose';
import { trusted } from '../db/schema-options.js';
import type { EscalationDoc } from './model.js';

export type QueuedEscalation = Pick<EscalationDoc, '_id' | 'severity'>;

/** The newest escalations of an org behind an id, newest first: by the queue's index alone. */
export type ReadNewSince = (orgId: string, after: string, limit: number) => Promise<QueuedEscalation[]>;

export const createReadNewSince =
  (escalations: Model<EscalationDoc>): ReadNewSince =>
  (orgId, after, limit) =>
    escalations
      .find({ org_id: orgId, _id: trusted({ $gt: after }) }, { _id: 1, severity: 1 })
      .sort({ _id: -1 })
      .limit(limit)
      .lean<QueuedEscalation[]>()
      .exec();
