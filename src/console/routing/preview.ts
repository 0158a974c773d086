import { channelsFor } from '../../notifications/approvals/channels-for.js';
import type { ChannelDoc } from '../../notifications/approvals/model.js';
import { escalationOfEvent } from '../../escalations/from-event.js';
import type { EscalationDoc } from '../../escalations/model.js';
import type { Policy } from '../../escalations/policies/evaluate.js';
import type { PolicyService } from '../../escalations/policies/service.js';
import { tryPolicies, type PolicyTrial } from '../../escalations/policies/trial.js';
import { termsOf, type Routing } from '../../escalations/routing/routing.js';
import type { RoutingService } from '../../escalations/routing/service.js';
import type { EventData } from '../../events/schema.js';
import { newId } from '../../lib/ids.js';
import { moments, type Moment } from '../../notifications/notification.js';
import type { ProviderName } from '../../integrations/port.js';
import type { MappedSeverity } from '../../lib/severity.js';
import { policiesOf } from './policy-form.js';
import { connectionsOf, type TargetDeps } from './targets.js';

export interface PreviewDeps extends TargetDeps {
  routing: Pick<RoutingService, 'get'>;
  policies: Pick<PolicyService, 'get'>;
  channelsOf: (orgId: string) => Promise<readonly ChannelDoc[]>;
}

/** What an event would cause. */
export interface RoutingPreview {
  trials: PolicyTrial[];
  /** Null when no policy matches. */
  raised: RaisedPreview | null;
}

export interface RaisedPreview {
  escalation: EscalationDoc;
  mappedSeverity: MappedSeverity;
  /** Which severity map applies. */
  mappedBy: 'connection' | 'routing';
  ticket: TicketPreview;
  channels: { name: string; type: ChannelDoc['type']; moments: Moment[] }[];
}

export type TicketPreview =
  | { opened: false; reason: 'off' | 'severity'; minSeverity: Routing['ticket']['min_severity'] }
  /** `connection`: its name; null for the deployment's tracker. `problem`: why a ticket could not be opened now. */
  | { opened: true; provider: ProviderName; connection: string | null; problem: string | null };

/** What an event would cause if it arrived now. Stores nothing and notifies nobody. */
export async function previewOf(deps: PreviewDeps, orgId: string, data: EventData): Promise<RoutingPreview> {
  const trials = tryPolicies(policiesOf(await deps.policies.get(orgId)), data.value);
  const first = trials.find(({ outcome }) => outcome === 'raises');
  return { trials, raised: first ? await raisedBy(deps, orgId, data, first.policy) : null };
}

async function raisedBy(deps: PreviewDeps, orgId: string, data: EventData, policy: Policy): Promise<RaisedPreview> {
  const [routing, channels] = await Promise.all([deps.routing.get(orgId), deps.channelsOf(orgId)]);
  const { id, name, severity, title, kind } = policy;
  const at = new Date();
  const terms = termsOf(routing, severity, at);
  // The function that creates real escalations.
  const escalation = escalationOfEvent({
    _id: newId('evt'),
    org_id: orgId,
    type: 'event.created',
    data: data.json,
    occurred_at: at,
    source_id: null,
    dedupe_key: '',
    raise: { escalation_id: newId('esc'), policy: { id, name }, severity, title, kind, terms },
    due: false,
    created_at: at,
  });
  const target = terms.open_ticket ? await targetOf(deps, orgId, terms.connection_id) : null;
  const mappedByConnection = target?.connection?.severity_map[severity];
  return {
    escalation,
    mappedSeverity: mappedByConnection ?? terms.mapped_severity,
    mappedBy: mappedByConnection === undefined ? 'routing' : 'connection',
    ticket: target?.ticket ?? {
      opened: false,
      reason: routing.ticket.enabled ? 'severity' : 'off',
      minSeverity: routing.ticket.min_severity,
    },
    channels: channels.flatMap((channel) => {
      const notifiedAt = moments.filter(
        (moment) => moment !== 'budget' && channelsFor([channel], { moment, severity }).length > 0,
      );
      return notifiedAt.length === 0 ? [] : [{ name: channel.name, type: channel.type, moments: notifiedAt }];
    }),
  };
}

async function targetOf(deps: PreviewDeps, orgId: string, requestedConnection: string | null) {
  const { tickets } = deps;
  const { provider, connectionId } = await tickets.choose(orgId, requestedConnection);
  const [connections, resolved] = await Promise.all([
    connectionsOf(deps, orgId),
    tickets.of({ org_id: orgId, provider, connection_id: connectionId }),
  ]);
  const connection = connections.find(({ _id }) => _id === connectionId) ?? null;
  const ticket: TicketPreview = {
    opened: true,
    provider,
    connection: connection?.name ?? null,
    problem: resolved.status === 'ready' ? null : resolved.detail,
  };
  return { connection, ticket };
}
