import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';

/** Keywords that a list of workflows is filtered by. They pass no codec: ids and states only, never text of people. */
const keys = {
  orgId: defineSearchAttributeKey('OrgId', 'KEYWORD'),
  subject: defineSearchAttributeKey('Subject', 'KEYWORD'),
  severity: defineSearchAttributeKey('Severity', 'KEYWORD'),
  provider: defineSearchAttributeKey('Provider', 'KEYWORD'),
  externalId: defineSearchAttributeKey('ExternalId', 'KEYWORD'),
  lifecycleStatus: defineSearchAttributeKey('LifecycleStatus', 'KEYWORD'),
  slaBreached: defineSearchAttributeKey('SlaBreached', 'KEYWORD'),
};

/** What a namespace must know; ten keywords at most are possible with SQL visibility. */
export const searchAttributeNames: readonly string[] = Object.values(keys).map(({ name }) => name);

/** What a ticket's workflow starts with. */
export function initialTicketAttributes(link: {
  org_id: string;
  subject: { id: string };
  provider: string;
  draft: { severity: string | null };
}): SearchAttributePair[] {
  const { severity: value } = link.draft;
  const severity: SearchAttributePair[] = value === null ? [] : [{ key: keys.severity, value }];
  return [
    { key: keys.orgId, value: link.org_id },
    { key: keys.subject, value: link.subject.id },
    { key: keys.provider, value: link.provider },
    { key: keys.lifecycleStatus, value: 'pending' },
    ...severity,
  ];
}

/** What changes in a ticket's life. */
export function ticketAttributes(state: {
  provider: string;
  externalId: string | null;
  lifecycle: string;
}): SearchAttributePair[] {
  const externalId: SearchAttributePair[] =
    state.externalId === null ? [] : [{ key: keys.externalId, value: state.externalId.slice(0, 255) }];
  return [
    { key: keys.provider, value: state.provider },
    { key: keys.lifecycleStatus, value: state.lifecycle },
    ...externalId,
  ];
}

/** What an escalation's workflow starts with. */
export function initialEscalationAttributes(escalation: {
  _id: string;
  org_id: string;
  severity: string;
  status: string;
}): SearchAttributePair[] {
  return [
    { key: keys.orgId, value: escalation.org_id },
    { key: keys.subject, value: escalation._id },
    { key: keys.severity, value: escalation.severity },
    { key: keys.lifecycleStatus, value: escalation.status },
  ];
}

/** What changes in an escalation's life. @param state `breached`: the SLA clock that ran out, or null */
export function escalationAttributes(state: { status: string; breached: string | null }): SearchAttributePair[] {
  const breached: SearchAttributePair[] =
    state.breached === null ? [] : [{ key: keys.slaBreached, value: state.breached }];
  return [{ key: keys.lifecycleStatus, value: state.status }, ...breached];
}

/** What the workflow of a budget event's notice starts with. */
export function initialBudgetAlertAttributes({
  orgId,
  eventId,
}: {
  orgId: string;
  eventId: string;
}): SearchAttributePair[] {
  return [
    { key: keys.orgId, value: orgId },
    { key: keys.subject, value: eventId },
    { key: keys.lifecycleStatus, value: 'notifying' },
  ];
}

/** When every channel has been told. */
export const doneBudgetAlertAttributes = (): SearchAttributePair[] => [{ key: keys.lifecycleStatus, value: 'done' }];

/** What the workflow of a delivery pump starts with. */
export const initialPumpAttributes = (): SearchAttributePair[] => [{ key: keys.lifecycleStatus, value: 'pumping' }];

/** When it is not wanted any more. */
export const donePumpAttributes = (): SearchAttributePair[] => [{ key: keys.lifecycleStatus, value: 'done' }];

/** What the workflow of a sick endpoint starts with. */
export function initialEndpointAttributes({ org_id, _id }: { org_id: string; _id: string }): SearchAttributePair[] {
  return [
    { key: keys.orgId, value: org_id },
    { key: keys.subject, value: _id },
    { key: keys.lifecycleStatus, value: 'probing' },
  ];
}

/** What changes while it is treated. */
export const endpointAttributes = (state: { phase: string }): SearchAttributePair[] => [
  { key: keys.lifecycleStatus, value: state.phase },
];

/** What a poll of a tracker starts with. @param poll `orgId`: null for the environment's */
export function initialPollAttributes(poll: {
  name: string;
  orgId: string | null;
  provider: string;
}): SearchAttributePair[] {
  const orgId: SearchAttributePair[] = poll.orgId === null ? [] : [{ key: keys.orgId, value: poll.orgId }];
  return [
    ...orgId,
    { key: keys.subject, value: poll.name },
    { key: keys.provider, value: poll.provider },
    { key: keys.lifecycleStatus, value: 'polling' },
  ];
}

/** When it is over. @param result `failed`: a short code, or null */
export const pollAttributes = (result: { failed: string | null }): SearchAttributePair[] => [
  { key: keys.lifecycleStatus, value: result.failed === null ? 'done' : 'failed' },
];
