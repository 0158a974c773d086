import { defaultTimings } from '../../src/config/timings.js';
import type { EscalationDoc } from '../../src/escalations/model.js';
import { compilePolicies, type Policy } from '../../src/escalations/policies/evaluate.js';
import { defaultRouting } from '../../src/escalations/routing/routing.js';
import { createEscalationStore, type EscalationStore } from '../../src/escalations/store.js';
import { createEventEscalation } from '../../src/escalations/event-escalation.js';
import type { NewEvent } from '../../src/events/new-event.js';
import { eventRoutes } from '../../src/events/routes.js';
import { createIngest } from '../../src/events/service.js';
import { createEventStore } from '../../src/events/store.js';
import type { Models } from '../../src/models.js';
import { createLogger } from '../../src/observability/logger.js';

export const policy = (id: string, change: Partial<Policy> = {}): Policy => ({
  id,
  name: `Policy ${id}`,
  enabled: true,
  match: {},
  severity: 'high',
  title: null,
  kind: 'review',
  ...change,
});

/** What raises an escalation, as it is decided when its event comes. */
export const raising = (escalationId: string): NewEvent['raise'] => ({
  escalation_id: escalationId,
  policy: { id: 'p', name: 'Policy p' },
  severity: 'high',
  title: null,
  kind: 'review',
  terms: {
    open_ticket: true,
    connection_id: null,
    mapped_severity: { impact: 1, urgency: '2' },
    on_resolve: 'comment',
    acknowledge_due_at: new Date('2026-05-01T10:00:00.123Z'),
    resolve_due_at: null,
  },
});

/** Events with policies and routing that a test sets as it likes, and that count how often they are asked. */
export function createTestEvents(models: Pick<Models, 'events' | 'escalations'>) {
  const escalations = createEscalationStore(models.escalations, defaultTimings);
  const store = createEventStore({ events: models.events });
  const settings = {
    policies: [] as Policy[],
    routing: defaultRouting,
    asked: [] as string[],
    /** Takes the place of the store's own, while it is set. */
    insertAll: undefined as EscalationStore['insertAll'] | undefined,
  };
  const ingest = createIngest({
    store,
    escalation: createEventEscalation({
      escalations: { insertAll: (all) => (settings.insertAll ?? escalations.insertAll)(all) },
      findPolicyOf: (orgId) => {
        settings.asked.push(`policies of ${orgId}`);
        return Promise.resolve(compilePolicies(settings.policies));
      },
      routingOf: (orgId) => {
        settings.asked.push(`routing of ${orgId}`);
        return Promise.resolve(settings.routing);
      },
    }),
    logger: createLogger('silent'),
    timings: defaultTimings,
  });
  return {
    store,
    ingest,
    routes: eventRoutes({ ingest }),
    settings,
    escalationStore: escalations,
    escalations: models.escalations,
    events: models.events,
    /** In the order of their ids. */
    raised: (orgId: string): Promise<EscalationDoc[]> =>
      escalations.escalations.find({ org_id: orgId }).sort({ _id: 1 }).lean<EscalationDoc[]>().exec(),
  };
}
