import type { NewestEvent } from '../../escalations/policies/newest-event.js';
import type { PolicyService } from '../../escalations/policies/service.js';
import type { RoutingService } from '../../escalations/routing/service.js';
import type { PageSpec } from '../page.js';
import { policyPages } from './policy-pages.js';
import { routingDocumentPages } from './routing-pages.js';
import { tryPages } from './try-pages.js';
import type { VerdictDeps } from './verdict.js';

export interface RoutingPagesDeps extends VerdictDeps {
  routing: RoutingService;
  policies: PolicyService;
  newestEvent: NewestEvent;
}

/** Which events become escalations, where those go, and a try of both. */
export const routingPages = (deps: RoutingPagesDeps): PageSpec[] => [
  ...routingDocumentPages(deps),
  ...policyPages(deps),
  ...tryPages(deps),
];
