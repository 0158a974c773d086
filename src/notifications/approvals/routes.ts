import { defineRoute, type Route } from '../../http/route.js';
import { settingsRoutes } from '../../auth/settings/routes.js';
import { presentApprovals } from './presenter.js';
import { approvalsSchema, channelParams, channelTestSchema, replaceApprovalsBody } from './schema.js';
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
      path: '/orgs/{org}/approvals',
      tag,
      body: replaceApprovalsBody,
      schema: approvalsSchema,
      get: {
        summary: 'Show the channels that approval notifications go to',
        description: 'Of URLs, routing keys and secrets only whether they are set.',
        answer: 'All channels.',
        handler: approvalService.get,
      },
      put: {
        summary: 'Replace the channels',
        description: 'Channels that it does not name end.',
        answer: 'All channels as they are now.',
        handler: (org, { channels }, by) => approvalService.replace(org, channels, by),
      },
      present: presentApprovals,
    }),
    defineRoute({
      method: 'post',
      path: '/orgs/{org}/approvals/{channel_id}/test',
      tag,
      summary: 'Send a test notification to a channel, enabled or not',
      description: 'Ten a minute for each channel. In PagerDuty the test is resolved at once.',
      access: 'configure',
      params: channelParams,
      responses: { 200: { description: 'What came of it, good or bad.', schema: channelTestSchema } },
      handler: async ({ params }) => ({ status: 200, body: await testChannel(params.org, params.channel_id) }),
    }),
  ];
}
