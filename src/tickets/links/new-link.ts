import { environmentScope } from '../../integrations/environment-scope.js';
import type { ProviderName } from '../../integrations/port.js';
import type { SubjectRef, SubjectSnapshot } from '../subject.js';
import type { LinkDoc } from './model.js';

export function newLink(from: {
  id: string;
  orgId: string;
  subject: SubjectRef;
  provider: ProviderName;
  /** Null, or left out: the environment's. */
  connectionId?: string | null;
  draft: SubjectSnapshot;
  /** How long the caller has to wake the workflow before the sweep does. */
  sweepAfterMs: number;
}): LinkDoc {
  const now = new Date();
  return {
    _id: from.id,
    org_id: from.orgId,
    subject: from.subject,
    nth: 1,
    live: true,
    provider: from.provider,
    connection_id: from.connectionId ?? null,
    scope: from.connectionId ?? environmentScope,
    draft: from.draft,
    state: 'open',
    sync_state: 'pending',
    last_error: null,
    external_id: null,
    external_ref: null,
    external_url: null,
    external_status: null,
    create_sent_at: null,
    create_status: 'pending',
    close_applied: false,
    close_error: null,
    tries: 0,
    next_try_at: null,
    unreachable_since: null,
    applied_seq: 0,
    status_occurred_at: null,
    last_sent: null,
    ring_after: new Date(now.getTime() + from.sweepAfterMs),
    late_external_id: null,
    created_at: now,
    updated_at: now,
    closed_at: null,
    detached_at: null,
    last_synced_at: null,
  };
}
