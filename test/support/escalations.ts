import { defaultTimings } from '../../src/config/timings.js';
import { createEscalations } from '../../src/escalations/index.js';
import { escalationRoutes } from '../../src/escalations/routes.js';
import { defaultRouting, type Routing } from '../../src/escalations/routing/routing.js';
import { createEscalationStore, type EscalationStore } from '../../src/escalations/store.js';
import type { Route } from '../../src/http/route.js';
import type { Models } from '../../src/models.js';
import type { Link } from '../../src/tickets/links/schema.js';

export const escalationRouting: Routing = {
  ...defaultRouting,
  sla: { critical: { acknowledge_minutes: 15, resolve_minutes: 60 } },
};

export interface EscalationParts {
  routes: Route[];
  store: EscalationStore;
  /** The ids that the workflow was woken. */
  woken: string[];
  /** What `ticketOf` was asked, and what it is to answer. */
  tickets: { asked: string[][]; known: Map<string, Link> };
}

/** The calls on escalations with everything behind them but workflows and tickets. */
export function escalationParts(models: Pick<Models, 'escalations'>): EscalationParts {
  const store = createEscalationStore(models.escalations, defaultTimings);
  const woken: string[] = [];
  const tickets: EscalationParts['tickets'] = { asked: [], known: new Map() };
  const escalations = createEscalations({
    store,
    routingOf: () => Promise.resolve(escalationRouting),
    signaler: {
      wake: ({ _id }) => {
        woken.push(_id);
        return Promise.resolve(true);
      },
    },
    ticketOf: (_orgId, ids) => {
      tickets.asked.push(ids);
      return Promise.resolve(tickets.known);
    },
    publicUrl: 'http://drawbridge.test',
    temporal: { namespace: 'default', uiUrl: 'http://ui.test' },
  });
  return { routes: escalationRoutes(escalations), store, woken, tickets };
}
