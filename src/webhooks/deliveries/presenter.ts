import { endpointWorkflowId, workflowAddress } from '../../../workflows/contracts/workflow-ids.js';
import type { AttemptDoc, DeliveryDoc } from './model.js';
import type { PresentedDelivery } from './schema.js';

/** A delivery, and its attempts in their order. */
export interface Shown {
  delivery: DeliveryDoc;
  attempts: readonly AttemptDoc[];
}

/** A delivery as callers see it; only what is named here leaves. */
export function presentDelivery(
  { delivery, attempts }: Shown,
  temporal: { namespace: string; uiUrl: string | undefined },
): PresentedDelivery {
  const { _id, org_id, endpoint_id, event_id, event_type, status, created_at } = delivery;
  return {
    id: _id,
    event_id,
    event_type,
    status,
    attempts: attempts.map(presentAttempt),
    next_attempt_at: nextAttemptAt(delivery)?.toISOString() ?? null,
    workflow: status === 'parked' ? workflowAddress(endpointWorkflowId(org_id, endpoint_id), temporal) : null,
    created_at: created_at.toISOString(),
  };
}

const presentAttempt = (attempt: AttemptDoc): PresentedDelivery['attempts'][number] => ({
  number: attempt.number,
  at: attempt.at.toISOString(),
  trigger: attempt.trigger,
  response_code: attempt.response_code,
  duration_ms: attempt.duration_ms,
  error: attempt.error,
  response_body: attempt.response_body,
});

/** What a pump has claimed is being sent now; its time says when the claim is void. */
function nextAttemptAt({ next_attempt_at: at, epoch }: DeliveryDoc): Date | null {
  return at === null || epoch === null ? at : new Date(Math.min(at.getTime(), Date.now()));
}
