import { jsonTextOf } from '../../../lib/json/index.js';
import type { Raised } from '../../new-escalation.js';
import type { RaisedData } from './schema.js';

/** What an escalation is called there, the name that it is one by first. */
export const namesOf = ({ id, source_id }: { id?: string | null; source_id?: string | null }): string[] =>
  [source_id, id].filter((name) => typeof name === 'string');

/** What a source says of an escalation, as it is raised here. */
export function raisedBy(source: string, data: RaisedData): Raised {
  const { title, severity, reason, kind, gateway, actor, context, policy, review_url } = data;
  return {
    kind: kind ?? 'review',
    severity,
    title,
    reason,
    gateway: gateway && { id: gateway.id, name: gateway.name, environment: gateway.environment },
    actor: actor && { id: actor.id, name: actor.name, email: actor.email, type: actor.type },
    context: context === undefined || context === null ? null : jsonTextOf(context),
    policy: policy && { id: policy.id, name: policy.name },
    event_id: null,
    source_id: namesOf(data)[0] ?? null,
    source,
    review_url,
  };
}
