import type { Model } from 'mongoose';
import { unprocessable } from '../../http/problem.js';
import type { Audit } from '../../auth/audit/audit.js';
import type { Versioned } from '../../auth/settings/document.js';
import { createReplaceSettings, type ReplacedBy } from '../../auth/settings/replace.js';
import { createSettingsStore } from '../../auth/settings/store.js';
import { changedFields } from './changes.js';
import type { RoutingDoc } from './model.js';
import { defaultRouting, type Routing } from './routing.js';
import type { RoutingInput } from './schema.js';

export interface RoutingService {
  /** As it is in force now: whoever raises escalations takes their `termsOf` from it. One read. */
  get: (orgId: string) => Promise<Versioned<Routing>>;
  /**
   * Replaces all of it. Without If-Match the last one wins, whole.
   * @throws Problem 412 when If-Match names another version, 422 for a connection that the org has not
   */
  replace: (orgId: string, routing: RoutingInput, by: ReplacedBy) => Promise<Versioned<Routing>>;
}

/** Whether a connection is one of this org's. */
export type ConnectionExists = (orgId: string, connectionId: string) => Promise<boolean>;

export interface RoutingServiceDeps {
  routing: Model<RoutingDoc>;
  audit: Audit;
  connectionExists: ConnectionExists;
}

export function createRoutingService({ routing: model, audit, connectionExists }: RoutingServiceDeps): RoutingService {
  const store = createSettingsStore({ model, empty: defaultRouting });
  const replace = createReplaceSettings({ store, audit, name: 'escalation_routing' });
  return {
    get: (orgId) => store.find(orgId),
    async replace(orgId, routing, by) {
      const { connection_id } = routing.ticket;
      if (connection_id !== null && !(await connectionExists(orgId, connection_id))) {
        throw unprocessable([{ path: 'ticket.connection_id', message: 'is not a connection of this org' }]);
      }
      return replace(orgId, by, (current) => ({ content: routing, changed: changedFields(current, routing) }));
    },
  };
}
