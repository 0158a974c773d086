import type { EscalationStore } from '../store.js';
import { trusted } from '../../db/schema-options.js';
import type { SourceDoc } from './model.js';

/** Leaves what a source has not decided to the reviewers here. It may be called again. */
export async function leaveToReviewers({ escalations }: EscalationStore, { _id, org_id }: SourceDoc): Promise<void> {
  const unresolved = trusted({ $in: ['open', 'claimed'] });
  await escalations.updateMany({ org_id, status: unresolved, source: _id }, { $set: { source: null } }).exec();
}
