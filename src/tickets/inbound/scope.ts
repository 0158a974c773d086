import type { ProviderName } from '../../integrations/port.js';
import type { ResolvedProvider } from '../../integrations/registry.js';
import type { ReopenPolicy } from '../../integrations/reopen-policy.js';

/** Where a webhook came in: at a connection's own address, or at that of the environment's tracker. */
export type ScopeName = { connectionId: string } | { environment: 'jira' | 'servicenow' };

/** What is to be known of a connection, or of the environment's tracker, to take what it says. */
export interface InboundScope {
  /** A connection's id, or `env`: whose ids the tickets' are. */
  scope: string;
  name: ProviderName;
  resolved: ResolvedProvider;
  webhookSecret: string | null;
  settings: { onReopen: ReopenPolicy };
  /** From the tracker's statuses, by name or id, to ours. */
  statusMap: Readonly<Record<string, string>>;
}

/** Finds a scope; null when there is none. */
export type FindScope = (name: ScopeName) => Promise<InboundScope | null>;
