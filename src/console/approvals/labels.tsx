import type { VNode } from 'preact';
import type { Moment } from '../../notifications/notification.js';
import type { ChannelType } from '../../notifications/port.js';

/** In the order in which the types are offered. */
export const typeLabels: Record<ChannelType, string> = {
  slack: 'Slack',
  teams: 'Microsoft Teams',
  pagerduty: 'PagerDuty',
  webhook: 'Webhook',
};

export const typeDescriptions: Record<ChannelType, string> = {
  slack: 'A message in a channel, with a link to the review.',
  teams: 'A card in a channel, with a link to the review.',
  pagerduty: 'An incident that follows the escalation: triggered, acknowledged, resolved.',
  webhook: 'A signed JSON call to your own URL.',
};

export const momentLabels: Record<Moment, string> = {
  created: 'an escalation is raised',
  claimed: 'somebody claims it',
  overdue: 'a deadline passes',
  resolved: 'it is resolved',
  budget: 'a budget threshold is reached (at any severity)',
};

/** Where to get a channel's URL or key. */
export const destinationHelp: Record<ChannelType, VNode> = {
  slack: (
    <>
      Create or open your app on api.slack.com/apps, turn on <strong>Incoming Webhooks</strong>, choose{' '}
      <strong>Add New Webhook</strong> and the channel. Copy the URL that begins with{' '}
      <code>https://hooks.slack.com/services/</code>. Slack accepts about one message a second.
    </>
  ),
  teams: (
    <>
      In the channel’s menu choose <strong>Workflows</strong>, then the template that posts to a channel when a webhook
      request is received, and copy the resulting URL. It is long and contains its own signature: anyone who has it can
      post.
    </>
  ),
  pagerduty: (
    <>
      Under the service’s <strong>Integrations</strong> add <strong>Events API v2</strong> and copy its integration key,
      32 characters.
    </>
  ),
  webhook: (
    <>
      Any http or https URL that answers a POST with 2xx. Every call has a <code>webhook-id</code>, which stays the same
      when the call is retried.
    </>
  ),
};

export const secretHelp = (
  <>
    Signs each call: <code>whsec_…</code> as in Standard Webhooks, or any other text. Without it, calls are unsigned. It
    must be typed again when the URL changes.
  </>
);
