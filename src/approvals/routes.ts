import { etagOf } from '../http/etag.js';
import { defineRoute, type Route, type RouteReply } from '../http/route.js';
import { orgParams } from '../http/schema.js';
import { presentApprovals } from './presenter.js';
import { approvalsSchema, channelParams, channelTestSchema, replaceApprovalsBody } from './schema.js';
import type { ApprovalService } from './service.js';
import type { Approvals } from './store.js';
import type { TestChannel } from './test-call.js';

interface Dependencies {
  approvalService: ApprovalService;
  testChannel: TestChannel;
}

export function approvalRoutes({ approvalService, testChannel }: Dependencies): Route[] {
  const tag = 'Approval notifications';
  return [
    defineRoute({
      method: 'get',
      path: '/orgs/{org}/approvals',
      tag,
      summary: 'Show the channels that approval notifications go to',
      description: 'With an `ETag`. Of URLs, routing keys and secrets only whether they are set.',
      access: 'read',
      params: orgParams,
      responses: { 200: { description: 'All channels.', schema: approvalsSchema } },
      handler: async ({ params }) => reply(await approvalService.get(params.org)),
    }),
    defineRoute({
      method: 'put',
      path: '/orgs/{org}/approvals',
      tag,
      summary: 'Replace the channels',
      description:
        'Channels that it does not name end. `If-Match` is honoured: 412 `precondition_failed` when they have changed since.',
      access: 'configure',
      params: orgParams,
      body: replaceApprovalsBody,
      responses: { 200: { description: 'All channels as they are now.', schema: approvalsSchema } },
      handler: async ({ params, body, caller, header }) =>
        reply(await approvalService.replace(params.org, body.channels, { caller, ifMatch: header('If-Match') })),
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

const reply = (approvals: Approvals): RouteReply => ({
  status: 200,
  body: presentApprovals(approvals),
  headers: { ETag: etagOf(approvals.version) },
});
