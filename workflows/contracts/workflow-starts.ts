import type { SearchAttributePair } from '@temporalio/common';
import { heartbeatInput } from './heartbeat.js';
import {
  initialEndpointAttributes,
  initialEscalationAttributes,
  initialPollAttributes,
  initialTicketAttributes,
} from './search-attributes.js';
import { endpointWorkflowId, escalationWorkflowId, pollScheduleId, ticketWorkflowId } from './workflow-ids.js';
import type { EndpointInput, EndpointTimings } from './endpoint.js';
import type { EscalationInput } from './escalation.js';
import type { PollInput } from './poll.js';
import type { TicketInput } from './ticket.js';

/** The part of the configuration that workflows start with; durations are in milliseconds. */
interface StartTimings {
  activities: { heartbeatTimeoutMs: number };
  tickets: { closedLingerMs: number };
  health: {
    probeDelaysMs: readonly number[];
    releaseStepMs: number;
    lateMs: number;
    disableAfterMs: number;
  };
}

/** How a workflow is started, by whoever starts it: the API, the worker, or another workflow. */
export interface WorkflowStart<Input> {
  workflowId: string;
  args: [Input];
  workflowIdReusePolicy: 'ALLOW_DUPLICATE';
  typedSearchAttributes: SearchAttributePair[];
  /** Both stand on it to the end of its first run; current details say more. Ids only. */
  staticSummary: string;
  staticDetails: string;
}

/** Of a link, what its workflow starts with. */
export interface StartedLink {
  _id: string;
  org_id: string;
  subject: { type: string; id: string };
  provider: string;
  draft: { severity: string | null };
}

/** What an operator asks before it is done. @param instead what to do to end it for good */
const cancelling = (instead: string) =>
  `Cancelling ends this run and nothing else: what is due starts another. To end it, ${instead}.`;

/** A closed ticket's workflow stays a week for late comments and replies: `tickets.closedLingerMs` where it is not set. */
export const closedTicketLingerMs = 7 * 24 * 60 * 60 * 1000;

export function ticketStart(
  link: StartedLink,
  { lingerMs, heartbeatTimeoutMs }: { lingerMs: number; heartbeatTimeoutMs: number },
): WorkflowStart<TicketInput> {
  const { _id: linkId, org_id: orgId, subject } = link;
  return {
    workflowId: ticketWorkflowId(orgId, linkId),
    args: [
      {
        orgId,
        linkId,
        subject: { type: subject.type, id: subject.id },
        lingerMs,
        ...heartbeatInput(heartbeatTimeoutMs),
      },
    ],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    typedSearchAttributes: initialTicketAttributes(link),
    staticSummary: `Ticket in ${link.provider} for ${subject.type.replaceAll('_', ' ')} ${subject.id}`,
    staticDetails: `Of org \`${orgId}\`, link \`${linkId}\`. Here is what is in progress; texts, errors and what was done are in the API. ${cancelling('close or unlink the ticket in the API')}`,
  };
}

export function escalationStart(
  escalation: { _id: string; org_id: string; severity: string; status: string },
  { activities, tickets }: Pick<StartTimings, 'activities' | 'tickets'>,
): WorkflowStart<EscalationInput> {
  const lingerMs = tickets.closedLingerMs;
  const { _id: escalationId, org_id: orgId, severity } = escalation;
  return {
    workflowId: escalationWorkflowId(orgId, escalationId),
    args: [
      {
        orgId,
        escalationId,
        severity,
        ...heartbeatInput(activities.heartbeatTimeoutMs),
        ...(lingerMs !== closedTicketLingerMs && { ticketLingerMs: lingerMs }),
      },
    ],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    typedSearchAttributes: initialEscalationAttributes(escalation),
    staticSummary: `Escalation ${escalationId} (${severity})`,
    staticDetails: `Of org \`${orgId}\`. It is decided in the queue; here is what follows: the ticket, the people who are told, the SLA clocks. ${cancelling('decide it in the queue')}`,
  };
}

/** How an unhealthy endpoint is treated. */
export const endpointTimings = ({ health }: Pick<StartTimings, 'health'>): EndpointTimings => ({
  probeDelaysMs: health.probeDelaysMs,
  releaseSteps: [100, 500, 1_000, 2_000, 5_000],
  stepMs: health.releaseStepMs,
  lateMs: health.lateMs,
  disableAfterMs: health.disableAfterMs,
});

export function endpointStart(
  endpoint: { _id: string; org_id: string },
  timings: EndpointTimings,
  { activities }: Pick<StartTimings, 'activities'>,
): WorkflowStart<EndpointInput> {
  const { _id: endpointId, org_id: orgId } = endpoint;
  return {
    workflowId: endpointWorkflowId(orgId, endpointId),
    args: [{ orgId, endpointId, timings, ...heartbeatInput(activities.heartbeatTimeoutMs) }],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    typedSearchAttributes: initialEndpointAttributes(endpoint),
    staticSummary: `Sick webhook endpoint ${endpointId}`,
    staticDetails: `Of org \`${orgId}\`. Too many deliveries failed: what was never tried is parked, and one is tried from time to time. When it gets through, all go out; when none does for days, the endpoint is disabled. ${cancelling('disable the endpoint in the API')}`,
  };
}

/** What a poll asks, and for whom. */
export interface PolledTracker {
  /** A connection's id, or `env-jira`, `env-servicenow`. */
  name: string;
  /** Null for the environment's. */
  orgId: string | null;
  provider: string;
}

/** Each run's id is this one with the time behind it. */
export function pollStart(
  polled: PolledTracker,
  queueSuffix: string,
  { activities }: Pick<StartTimings, 'activities'>,
): Omit<WorkflowStart<PollInput>, 'workflowIdReusePolicy'> {
  const { name, orgId, provider } = polled;
  return {
    workflowId: pollScheduleId(name, queueSuffix),
    args: [{ name, orgId, provider, ...heartbeatInput(activities.heartbeatTimeoutMs) }],
    typedSearchAttributes: initialPollAttributes(polled),
    staticSummary: `Poll of ${provider} for what no webhook brought`,
    staticDetails: `Of ${orgId === null ? 'the environment' : `org \`${orgId}\`, connection \`${name}\``}. One search for tickets of ours that changed since the last poll; those that did are looked at. Its Schedule can be paused, and triggered by hand.`,
  };
}
