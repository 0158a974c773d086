import { ticketWorkflowId, workflowAddress } from '../../../workflows/contracts/workflow-ids.js';
import type { LinkDoc } from './model.js';
import type { Link } from './schema.js';

/** Builds a link's answer, workflow address included. Only what is named here leaves. */
export type LinkPresenter = (link: LinkDoc) => Link;

export function createLinkPresenter(temporal: { namespace: string; uiUrl: string | undefined }): LinkPresenter {
  return (link) => ({
    id: link._id,
    subject: { type: link.subject.type, id: link.subject.id },
    provider: link.provider,
    connection_id: link.connection_id,
    external_id: link.external_id,
    external_url: link.external_url,
    state: link.state,
    external_status: link.external_status,
    sync_state: syncStateOf(link),
    last_error: link.last_error,
    tracker_unreachable_since: link.unreachable_since?.toISOString() ?? null,
    workflow: workflowAddress(ticketWorkflowId(link.org_id, link._id), temporal),
    created_at: link.created_at.toISOString(),
    updated_at: link.updated_at.toISOString(),
    closed_at: link.closed_at?.toISOString() ?? null,
    last_synced_at: link.last_synced_at?.toISOString() ?? null,
  });
}

/** A comment that was on its way when the closing was asked for settles as synced; the closing is still to come. */
const syncStateOf = ({ sync_state, state, close_applied }: LinkDoc) =>
  sync_state === 'synced' && state === 'closed' && !close_applied ? 'pending' : sync_state;
