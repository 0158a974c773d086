import type { ConnectionDoc } from '../../integrations/connections/model.js';
import type { ConnectionService } from '../../integrations/connections/service.js';
import type { TicketProviders } from '../../integrations/connections/ticket-providers.js';

export interface TargetDeps {
  connections: Pick<ConnectionService, 'list'>;
  tickets: Pick<TicketProviders, 'choose' | 'of'>;
}

/** A connection that tickets can go to. */
export type Target = Pick<ConnectionDoc, '_id' | 'name' | 'provider'>;

/** More than an org can have. */
const maxConnections = 200;

export async function connectionsOf({ connections }: TargetDeps, orgId: string): Promise<ConnectionDoc[]> {
  return (await connections.list(orgId, { limit: maxConnections })).data;
}

export interface Targets {
  connections: readonly Target[];
  /** Where tickets go when no connection is chosen: `Our Jira (jira)`, `the deployment’s mock`. */
  defaultLabel: string;
}

export async function targetsOf(deps: TargetDeps, orgId: string): Promise<Targets> {
  const [connections, { provider, connectionId }] = await Promise.all([
    connectionsOf(deps, orgId),
    deps.tickets.choose(orgId, null),
  ]);
  const chosen = connections.find(({ _id }) => _id === connectionId);
  return { connections, defaultLabel: chosen ? targetLabel(chosen) : `the deployment’s ${provider}` };
}

export const targetLabel = ({ name, provider }: Target) => `${name} (${provider})`;
