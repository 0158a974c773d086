import type { VNode } from 'preact';
import type { ChannelType } from '../../notifications/port.js';

/** Where its URL or key is to be had. */
export const channelHelp: Record<ChannelType, VNode> = {
  slack: (
    <>
      Make or open your app on api.slack.com/apps, turn on <strong>Incoming Webhooks</strong>, choose{' '}
      <strong>Add New Webhook</strong> and the channel. Copy the URL that begins with{' '}
      <code>https://hooks.slack.com/services/</code>. Slack takes about one message a second.
    </>
  ),
  teams: (
    <>
      In the channel’s menu choose <strong>Workflows</strong>, then the template that posts to a channel when a webhook
      request is received, and copy the URL that it ends with. It is long, and holds its own signature: whoever has it
      can post.
    </>
  ),
  pagerduty: (
    <>
      In the service’s <strong>Integrations</strong> add <strong>Events API v2</strong> and copy its integration key, 32
      characters.
    </>
  ),
  webhook: (
    <>
      Any http or https address that answers a POST with 2xx. Every call has a <code>webhook-id</code> that stays the
      same when it is tried again.
    </>
  ),
};
