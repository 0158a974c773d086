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

/** How a workflow is started by the API, the worker or another workflow. */
export interface WorkflowStart<Input> {
  workflowId: string;
  args: [Input];
  workflowIdReusePolicy: 'ALLOW_DUPLICATE';
  typedSearchAttributes: SearchAttributePair[];
  /** The UI shows the summary and the details until the first run ends. Ids only. */
  staticSummary: string;
  staticDetails: string;
}

/** The part of a link that its workflow starts with. */
export interface StartedLink {
  _id: string;
  org_id: string;
  subject: { type: string; id: string };
  provider: string;
  draft: { severity: string | null };
}

/** Tells operators what cancelling does. @param instead how to end the workflow for good */
const cancelling = (instead: string) =>
  `Cancelling ends this run only: the next due work starts another one. To end it for good, ${instead}.`;

/** A closed ticket's workflow stays for a week, for late comments and replies. Default of `tickets.closedLingerMs`. */
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
    staticDetails: `Of org \`${orgId}\`, link \`${linkId}\`. This page shows what is in progress; the API has the texts, the errors and the history. ${cancelling('close or unlink the ticket in the API')}`,
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
    staticDetails: `Of org \`${orgId}\`. Reviewers decide it in the queue. This workflow handles the ticket, the notifications and the SLA clocks. ${cancelling('decide it in the queue')}`,
  };
}

/** How an unhealthy endpoint is probed and released. */
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
    staticSummary: `Unhealthy webhook endpoint ${endpointId}`,
    staticDetails: `Of org \`${orgId}\`. Too many deliveries failed. New deliveries are parked, and one is sent as a probe from time to time. When a probe succeeds, all are sent; after days without a success, the endpoint is disabled. ${cancelling('disable the endpoint in the API')}`,
  };
}

/** The tracker that a poll asks, and its org. */
export interface PolledTracker {
  /** A connection's id, or `env-jira`, `env-servicenow`. */
  name: string;
  /** Null for a tracker of the environment. */
  orgId: string | null;
  provider: string;
}

/** Temporal appends the start time to this id for each run. */
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
    staticSummary: `Poll of ${provider} for changes that no webhook reported`,
    staticDetails: `Of ${orgId === null ? 'the environment' : `org \`${orgId}\`, connection \`${name}\``}. It searches for our tickets that changed since the last poll, and reads each of them. The Schedule can be paused, and triggered by hand.`,
  };
}
