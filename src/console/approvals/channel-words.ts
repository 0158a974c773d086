import type { Moment } from '../../notifications/notification.js';
import type { ChannelType } from '../../notifications/port.js';

export const typeNames: Record<ChannelType, string> = {
  webhook: 'Webhook',
  slack: 'Slack',
  teams: 'Microsoft Teams',
  pagerduty: 'PagerDuty',
};

/** What each type is good for, where one is chosen. */
export const typeUses: Record<ChannelType, string> = {
  slack: 'A message in a channel, with the link to the review.',
  teams: 'A card in a channel, with the link to the review.',
  pagerduty: 'An incident that follows the escalation: triggered, acknowledged, resolved.',
  webhook: 'A signed JSON call to an address of yours.',
};

export const momentWords: Record<Moment, string> = {
  created: 'an escalation is raised',
  claimed: 'somebody claims it',
  overdue: 'a clock runs out',
  resolved: 'it is resolved',
  budget: 'a budget threshold is reached (whatever the severity)',
};
