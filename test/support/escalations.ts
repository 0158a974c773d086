import type { Connection } from 'mongoose';
import { defaultTimings } from '../../src/config/timings.js';
import { createEscalations } from '../../src/escalations/index.js';
import { escalationModel } from '../../src/escalations/model.js';
import { defaultRouting, type Routing } from '../../src/escalations/routing/routing.js';
import { createEscalationStore, type EscalationStore } from '../../src/escalations/store.js';
import type { Route } from '../../src/http/route.js';

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
  tickets: { asked: string[][]; known: Map<string, object> };
}

/** The calls on escalations with everything behind them but workflows and tickets. */
export function escalationParts(connection: Connection): EscalationParts {
  const store = createEscalationStore(escalationModel(connection), defaultTimings);
  const woken: string[] = [];
  const tickets: EscalationParts['tickets'] = { asked: [], known: new Map() };
  const { routes } = createEscalations({
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
  return { routes, store, woken, tickets };
}
