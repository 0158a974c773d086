import type { Route } from '../../http/route.js';
import { settingsRoutes } from '../../auth/settings/routes.js';
import { presentRouting } from './presenter.js';
import { replaceRoutingBody, routingExample, routingSchema } from './schema.js';
import type { RoutingService } from './service.js';

export function routingRoutes({ routingService }: { routingService: RoutingService }): Route[] {
  return settingsRoutes({
    name: 'escalation_routing',
    path: '/orgs/{org}/escalation-routing',
    tag: 'Escalations',
    body: replaceRoutingBody,
    bodyExample: routingExample,
    schema: routingSchema,
    example: routingExample,
    get: {
      id: 'getEscalationRouting',
      summary: 'Get the escalation routing',
      description:
        'Which escalations get a ticket, and how soon they must be dealt with. Parts that were never set have their defaults.',
      answer: 'The routing in force.',
      handler: routingService.get,
    },
    put: {
      id: 'replaceEscalationRouting',
      summary: 'Replace the escalation routing',
      description:
        'A part that is left out gets its default. Escalations that were raised before keep their limits of time.',
      answer: 'The routing in force now.',
      handler: routingService.replace,
    },
    present: presentRouting,
  });
}
