/** The groups of operations, in the order in which the documentation shows them. */
export const tags = {
  Orgs: 'An org is one tenant: its keys, objects and settings are invisible to every other org.',
  'API keys': 'Keys authenticate calls. Each carries permissions and an actor who is recorded with every change.',
  'Evidence requests': 'A request for evidence of a control. It has at most one ticket and one comment thread.',
  Escalations:
    'The review queue. Risky interactions wait here until a reviewer claims and resolves them; policies and routing say what is escalated, and to where.',
  'Ticket Sync':
    'The ticket of an evidence request or an escalation, its comment thread, and the signed webhooks through which trackers reply.',
  Events: 'What happened in the governance product. Events are delivered to webhooks and matched by policies.',
  Webhooks:
    'Endpoints that receive signed events (Standard Webhooks), and the record of every delivery and every attempt.',
  'Approval notifications': 'Channels that people are notified through: Slack, Teams, PagerDuty and signed webhooks.',
  Connections: 'The trackers of an org: Jira, ServiceNow, or any service that takes a signed webhook.',
  Sources: 'Governance products elsewhere whose own queue stays the source of truth.',
  Audit: 'Who changed what, from where, and what it was before and after. Entries form a hash chain per org.',
  Setup: 'What an org has set up, and what is left to do.',
  Operation: 'Health and metrics of the deployment.',
  Documentation: 'This document, and the pages made from it.',
  'Tracker webhooks': 'What Drawbridge sends to a tracker that is connected by a signed webhook.',
} as const;

export type Tag = keyof typeof tags;
