import type { Connection } from 'mongoose';
import type { Route } from '../http/route.js';
import type { Audit } from '../auth/audit/audit.js';
import { policyRoutes } from './policies/routes.js';
import { createPolicyService, type PolicyService } from './policies/service.js';
import { routingRoutes } from './routing/routes.js';
import { createRoutingService, type ConnectionExists, type RoutingService } from './routing/service.js';

interface Dependencies {
  connection: Connection;
  audit: Audit;
  connectionExists: ConnectionExists;
}

export interface EscalationSettings {
  policies: PolicyService;
  routing: RoutingService;
  routes: Route[];
}

/** What an org says of its escalations beforehand: which events raise one, and where they go. */
export function createEscalationSettings({ connection, audit, connectionExists }: Dependencies): EscalationSettings {
  const policies = createPolicyService({ connection, audit });
  const routing = createRoutingService({ connection, audit, connectionExists });
  return {
    policies,
    routing,
    routes: [...policyRoutes({ policyService: policies }), ...routingRoutes({ routingService: routing })],
  };
}
