import type { Link } from '../tickets/links/schema.js';
import type { EvidenceRequestDoc } from './model.js';

/** @param ticket its link as the tickets folder presents it, or null */
export function presentEvidenceRequest(request: EvidenceRequestDoc, ticket: Link | null) {
  return {
    id: request._id,
    org_id: request.org_id,
    title: request.title,
    description: request.description,
    due_at: request.due_at?.toISOString() ?? null,
    assignee: request.assignee,
    control_refs: request.control_refs,
    status: request.status,
    ticket,
    created_at: request.created_at.toISOString(),
    updated_at: request.updated_at.toISOString(),
  };
}
