import { channelsFor } from '../../notifications/approvals/channels-for.js';
import type { ChannelDoc } from '../../notifications/approvals/model.js';
import type { ConnectionDoc } from '../../integrations/connections/model.js';
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
import type { RoutingTargets } from './routing-pages.js';

export interface VerdictDeps extends RoutingTargets {
  routing: Pick<RoutingService, 'get'>;
  policies: Pick<PolicyService, 'get'>;
  channelsOf: (orgId: string) => Promise<readonly ChannelDoc[]>;
}

/** What would come of an event. */
export interface Verdict {
  trials: PolicyTrial[];
  /** Null when no policy matches. */
  raised: Raised | null;
}

export interface Raised {
  escalation: EscalationDoc;
  mappedSeverity: MappedSeverity;
  /** Where the tracker's words for the severity come from. */
  mappedBy: 'connection' | 'routing';
  ticket: TicketVerdict;
  channels: { name: string; type: ChannelDoc['type']; moments: Moment[] }[];
}

export type TicketVerdict =
  | { opened: false; why: 'off' | 'severity'; least: Routing['ticket']['min_severity'] }
  /** `connection`: its name; null for the deployment's. `problem`: why it could not be opened now. */
  | { opened: true; provider: ProviderName; connection: string | null; problem: string | null };

/** Says what would come of an event that came now. Nothing is stored, nobody told. */
export async function verdictOf(deps: VerdictDeps, orgId: string, data: EventData): Promise<Verdict> {
  const trials = tryPolicies(policiesOf(await deps.policies.get(orgId)), data.value);
  const first = trials.find(({ outcome }) => outcome === 'raises');
  return { trials, raised: first ? await raisedBy(deps, orgId, data, first.policy) : null };
}

async function raisedBy(deps: VerdictDeps, orgId: string, data: EventData, policy: Policy): Promise<Raised> {
  const [routing, channels] = await Promise.all([deps.routing.get(orgId), deps.channelsOf(orgId)]);
  const { id, name, severity, title, kind } = policy;
  const at = new Date();
  const terms = termsOf(routing, severity, at);
  // The same function that makes the real one.
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
  const own = target?.connection?.severity_map[severity];
  return {
    escalation,
    mappedSeverity: own ?? terms.mapped_severity,
    mappedBy: own === undefined ? 'routing' : 'connection',
    ticket: target?.verdict ?? {
      opened: false,
      why: routing.ticket.enabled ? 'severity' : 'off',
      least: routing.ticket.min_severity,
    },
    channels: channels.flatMap((channel) => {
      const told = moments.filter(
        (moment) => moment !== 'budget' && channelsFor([channel], { moment, severity }).length > 0,
      );
      return told.length === 0 ? [] : [{ name: channel.name, type: channel.type, moments: told }];
    }),
  };
}

async function targetOf({ connections, tickets }: VerdictDeps, orgId: string, wanted: string | null) {
  const { provider, connectionId } = await tickets.choose(orgId, wanted);
  const [{ data }, resolved] = await Promise.all([
    connections.list(orgId, { limit: 200 }),
    tickets.of({ org_id: orgId, provider, connection_id: connectionId }),
  ]);
  const connection: ConnectionDoc | null = data.find(({ _id }) => _id === connectionId) ?? null;
  const verdict: TicketVerdict = {
    opened: true,
    provider,
    connection: connection?.name ?? null,
    problem: resolved.status === 'ready' ? null : resolved.detail,
  };
  return { connection, verdict };
}
