import type { EscalationDoc } from './model.js';

/** Where an escalation is decided: its raiser's page, else ours. @param publicUrl without a trailing slash */
export function reviewUrlOf(escalation: Pick<EscalationDoc, '_id' | 'review_url'>, publicUrl: string): string {
  return escalation.review_url ?? `${publicUrl}/escalations/${encodeURIComponent(escalation._id)}/review`;
}
