import type { PresentedEscalation } from '../../escalations/presenter.js';
import type { MappedSeverity } from '../../lib/severity.js';
import type { EventType } from '../../events/types.js';

export interface SampleOptions {
  orgId: string;
  /** Without a trailing slash. */
  publicUrl: string;
  at: Date;
}

/** Data such as an event of this type has. */
export const sampleData = (type: EventType, options: SampleOptions): object => samples[type](options);

const gateway = { id: 'gw-example', name: 'Example gateway', environment: 'production' };
const actor = { id: 'user-example', name: 'Example Person', email: 'person@example.com', type: 'user' };
const reason = 'An example, sent to try out this endpoint.';
const reviewer = { id: 'reviewer-example', name: 'Example Reviewer', via: 'key_example' };

const samples: Record<EventType, (options: SampleOptions) => object> = {
  'event.created': () => ({ gateway, actor, reason, context: { decision: 'blocked', rule: 'example' } }),
  'escalation.created': (options) => escalation(options),
  'escalation.resolved': (options) => ({
    ...escalation(options),
    status: 'resolved',
    claimed_by: reviewer,
    claimed_at: options.at.toISOString(),
    resolution: 'dismissed',
    resolved_by: reviewer,
    resolved_at: options.at.toISOString(),
  }),
  'export.completed': () => ({ export_id: 'export-example', format: 'csv', rows: 3 }),
  'gateway.health_changed': () => ({ gateway: gateway.id, from: 'healthy', to: 'degraded', reason }),
  'budget.threshold_reached': () => ({
    wallet_id: 'wallet-example',
    threshold_percent: 80,
    spent: 80,
    limit: 100,
    currency: 'USD',
    period: 'month',
  }),
  'config.deployed': () => ({
    config_id: 'config-example',
    version: '1',
    gateway: gateway.id,
    deployed_by: actor.name,
  }),
};

type EscalationData = Omit<PresentedEscalation, 'notes'> & { mapped_severity: MappedSeverity };

function escalation({ orgId, publicUrl, at }: SampleOptions): EscalationData {
  const id = 'esc_example';
  return {
    id,
    org_id: orgId,
    kind: 'review',
    status: 'open',
    severity: 'low',
    title: 'Example escalation',
    reason,
    gateway,
    actor,
    context: { example: true },
    policy: null,
    event_id: null,
    source_id: null,
    claimed_by: null,
    claimed_at: null,
    resolution: null,
    resolved_by: null,
    resolved_at: null,
    sla: { acknowledge_due_at: null, resolve_due_at: null, breached: null },
    review_url: `${publicUrl}/escalations/${id}/review`,
    ticket: null,
    workflow: { id: `escalation/${orgId}/${id}`, url: null },
    created_at: at.toISOString(),
    updated_at: at.toISOString(),
    mapped_severity: 'low',
  };
}
