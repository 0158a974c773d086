import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';

/** Keywords that a list of workflows is filtered by. They pass no codec: ids and states only, never text of people. */
const keys = {
  orgId: defineSearchAttributeKey('OrgId', 'KEYWORD'),
  subject: defineSearchAttributeKey('Subject', 'KEYWORD'),
  severity: defineSearchAttributeKey('Severity', 'KEYWORD'),
  provider: defineSearchAttributeKey('Provider', 'KEYWORD'),
  externalId: defineSearchAttributeKey('ExternalId', 'KEYWORD'),
  lifecycleStatus: defineSearchAttributeKey('LifecycleStatus', 'KEYWORD'),
};

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
