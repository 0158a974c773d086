import { escalationWorkflowId, workflowAddress } from '../../workflows/contracts/workflow-ids.js';
import { createReadNewSince, type ReadNewSince } from './new-since.js';
import type { EscalationSignaler } from '../temporal/escalation-signaler.js';
import type { Link } from '../tickets/links/schema.js';
import { createEscalationList, type EscalationList } from './list.js';
import { presentEscalation, type PresentedEscalation, type ShownEscalation } from './presenter.js';
import type { Routing } from './routing/routing.js';
import { createEscalationService, type EscalationService } from './service.js';
import type { EscalationStore } from './store.js';

export interface EscalationsOptions {
  store: EscalationStore;
  routingOf: (orgId: string) => Promise<Routing>;
  signaler: EscalationSignaler;
  /** The links of these escalations as they are presented, by id; those without one are missing. One query for all. */
  ticketOf: (orgId: string, ids: string[]) => Promise<Map<string, Link>>;
  /** Without a trailing slash. */
  publicUrl: string;
  temporal: { namespace: string; uiUrl: string | undefined };
}

export interface Escalations {
  service: EscalationService;
  list: EscalationList;
  readNewSince: ReadNewSince;
  /** @param escalations all of one org */
  present: (orgId: string, escalations: ShownEscalation[]) => Promise<PresentedEscalation[]>;
}

/** Escalations for callers: raising, the queue, what reviewers decide. */
export function createEscalations(options: EscalationsOptions): Escalations {
  const { store, ticketOf, publicUrl, temporal } = options;
  const service = createEscalationService(options);
  const list = createEscalationList(store.escalations);
  const present: Escalations['present'] = async (orgId, escalations) => {
    if (escalations.length === 0) return [];
    const ids = escalations.map(({ _id }) => _id);
    const tickets = await ticketOf(orgId, ids);
    return escalations.map((escalation) =>
      presentEscalation(escalation, {
        publicUrl,
        workflow: workflowAddress(escalationWorkflowId(orgId, escalation._id), temporal),
        ticket: tickets.get(escalation._id) ?? null,
      }),
    );
  };
  return {
    service,
    list,
    readNewSince: createReadNewSince(store.escalations),
    present,
  };
}
