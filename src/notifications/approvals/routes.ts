import { answer, defineRoute, type Route } from '../../http/route.js';
import { settingsRoutes } from '../../auth/settings/routes.js';
import { presentApprovals } from './presenter.js';
import {
  approvalsExample,
  approvalsSchema,
  channelParams,
  channelTestSchema,
  replaceApprovalsBody,
  replaceApprovalsExample,
} from './schema.js';
import type { ApprovalService } from './service.js';
import type { TestChannel } from './test-call.js';

interface Dependencies {
  approvalService: ApprovalService;
  testChannel: TestChannel;
}

export function approvalRoutes({ approvalService, testChannel }: Dependencies): Route[] {
  const tag = 'Approval notifications';
  return [
    ...settingsRoutes({
      name: 'approvals',
      path: '/orgs/{org}/approvals',
      tag,
      body: replaceApprovalsBody,
      bodyExample: replaceApprovalsExample,
      schema: approvalsSchema,
      example: approvalsExample,
      get: {
        id: 'getApprovals',
        summary: 'Get the notification channels',
        description: 'Of URLs, integration keys and secrets, the answer says only whether they are set.',
        answer: 'All channels.',
        handler: approvalService.get,
      },
      put: {
        id: 'replaceApprovals',
        summary: 'Replace the notification channels',
        description: 'Channels that the body does not hold are deleted.',
        answer: 'All channels as they are now.',
        handler: (org, { channels }, by) => approvalService.replace(org, channels, by),
      },
      present: presentApprovals,
    }),
    defineRoute({
      id: 'testApprovalChannel',
      method: 'post',
      path: '/orgs/{org}/approvals/{channel_id}/test',
      audit: { action: 'channel.tested', subject: '/orgs/{org}/approvals/{channel_id}' },
      tag,
      summary: 'Test a notification channel',
      description:
        'Sends a test notification, also to a channel that is disabled. A channel takes ten tests a minute. In PagerDuty, the test is resolved at once.',
      access: 'configure',
      params: channelParams,
      responses: {
        200: answer('The test was sent. `ok` says whether the channel took it.', channelTestSchema, {
          ok: true,
          status: 200,
          detail: 'Slack took the message.',
        }),
      },
      errors: [],
      handler: async ({ params }) => ({ status: 200, body: await testChannel(params.org, params.channel_id) }),
    }),
  ];
}
