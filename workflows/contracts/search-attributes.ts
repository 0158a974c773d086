import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';

/**
 * Keywords to filter a list of workflows by. No codec encrypts them, so they hold ids and states only, never people's
 * text.
 */
const keys = {
  orgId: defineSearchAttributeKey('OrgId', 'KEYWORD'),
  subject: defineSearchAttributeKey('Subject', 'KEYWORD'),
  severity: defineSearchAttributeKey('Severity', 'KEYWORD'),
  provider: defineSearchAttributeKey('Provider', 'KEYWORD'),
  externalId: defineSearchAttributeKey('ExternalId', 'KEYWORD'),
  lifecycleStatus: defineSearchAttributeKey('LifecycleStatus', 'KEYWORD'),
  slaBreached: defineSearchAttributeKey('SlaBreached', 'KEYWORD'),
};

/** The attributes that a namespace must have. SQL visibility allows at most ten keywords. */
export const searchAttributeNames: readonly string[] = Object.values(keys).map(({ name }) => name);

/** The attributes that a ticket workflow starts with. */
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

/** The attributes that change during a ticket's life. */
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

/** The attributes that an escalation workflow starts with. */
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

/**
 * The attributes that change during an escalation's life.
 * @param state `breached`: the SLA clock that ran out, or null
 */
export function escalationAttributes(state: { status: string; breached: string | null }): SearchAttributePair[] {
  const breached: SearchAttributePair[] =
    state.breached === null ? [] : [{ key: keys.slaBreached, value: state.breached }];
  return [{ key: keys.lifecycleStatus, value: state.status }, ...breached];
}

/** The attributes that a budget alert starts with. */
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

/** The attribute of a budget alert that has notified every channel. */
export const doneBudgetAlertAttributes = (): SearchAttributePair[] => [{ key: keys.lifecycleStatus, value: 'done' }];

/** The attribute that a delivery pump starts with. */
export const initialPumpAttributes = (): SearchAttributePair[] => [{ key: keys.lifecycleStatus, value: 'pumping' }];

/** The attribute of a pump that is no longer needed. */
export const donePumpAttributes = (): SearchAttributePair[] => [{ key: keys.lifecycleStatus, value: 'done' }];

/** The attributes that the workflow of an unhealthy endpoint starts with. */
export function initialEndpointAttributes({ org_id, _id }: { org_id: string; _id: string }): SearchAttributePair[] {
  return [
    { key: keys.orgId, value: org_id },
    { key: keys.subject, value: _id },
    { key: keys.lifecycleStatus, value: 'probing' },
  ];
}

/** The attribute that changes while the endpoint is unhealthy. */
export const endpointAttributes = (state: { phase: string }): SearchAttributePair[] => [
  { key: keys.lifecycleStatus, value: state.phase },
];

/** The attributes that a poll starts with. @param poll `orgId` is null for a tracker of the environment */
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

/** The attributes of a finished poll. @param result `failed`: a short code, or null */
export const pollAttributes = (result: { failed: string | null }): SearchAttributePair[] => [
  { key: keys.lifecycleStatus, value: result.failed === null ? 'done' : 'failed' },
];
