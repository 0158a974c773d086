import type { Route } from '../../http/route.js';
import { settingsRoutes } from '../../auth/settings/routes.js';
import { presentRouting } from './presenter.js';
import { replaceRoutingBody, routingSchema } from './schema.js';
import type { RoutingService } from './service.js';

export function routingRoutes({ routingService }: { routingService: RoutingService }): Route[] {
  return settingsRoutes({
    path: '/orgs/{org}/escalation-routing',
    tag: 'Escalations',
    body: replaceRoutingBody,
    schema: routingSchema,
    get: {
      summary: 'Show where escalations go, and how soon they must be seen to',
      description: 'Every part, those that were never set with their defaults.',
      answer: 'The routing in force.',
      handler: routingService.get,
    },
    put: {
      summary: 'Replace the routing',
      description: 'A part that is left out has its default. Escalations that have been raised keep theirs.',
      answer: 'The routing in force now.',
      handler: routingService.replace,
    },
    present: presentRouting,
  });
}
