import { z } from 'zod';
import { Problem } from '../../http/problem.js';
import { defineRoute, type Route } from '../../http/route.js';
import type { SignatureFailures } from '../../http/signature-failures.js';
import { inboundAppliedSchema, inboundQueuedSchema, inboundSchema } from './schema.js';
import type { InboundService, Verified } from './service.js';

const responses = {
  200: { description: 'Applied.', schema: inboundAppliedSchema },
  202: { description: 'Verified and kept; applied later.', schema: inboundQueuedSchema },
};

const common = { method: 'post', tag: 'Ticket Sync', access: 'none', body: 'raw', responses } as const;
const known =
  'Known events and comments, our own among them, apply nothing; a status that is older than the last applied is dropped. A webhook that is of no ticket and no comment applies nothing either.';

/** The signed ways in for trackers: in our own dialect, and in theirs. */
export function inboundRoutes(inbound: InboundService, failures: SignatureFailures): Route[] {
  /** A wrong signature counts before it is answered. */
  async function answer(remoteAddress: string, verify: () => Verified | Promise<Verified>) {
    let verified: Verified;
    try {
      verified = await verify();
    } catch (error) {
      if (error instanceof Problem && error.status === 401) await failures.fail(remoteAddress);
      throw error;
    }
    const applied = await verified.receive();
    return { status: applied === 'queued' ? (202 as const) : (200 as const), body: { success: true, applied } };
  }

  const ofEnvironment = (environment: 'jira' | 'servicenow', product: string, header: string) =>
    defineRoute({
      ...common,
      path: `/webhooks/${environment}`,
      summary: `Take a webhook of the environment’s ${product}`,
      description: `In ${product}’s own dialect. \`${header}: sha256=<hex HMAC-SHA256(raw body, ${environment.toUpperCase()}_WEBHOOK_SECRET)>\` authorises it; any content type. ${known}`,
      params: z.strictObject({}),
      bodyDoc: z.looseObject({}),
      handler: ({ rawBody, header: headerOf, remoteAddress }) =>
        answer(remoteAddress, () => inbound.verifyAt({ environment }, { rawBody, header: headerOf })),
    });

  return [
    defineRoute({
      ...common,
      path: '/webhooks/tickets',
      summary: 'Take a tracker’s signed reply',
      description:
        '`X-Signature: sha256=<hex HMAC-SHA256(raw body, TICKET_WEBHOOK_SECRET)>` authorises it; any content type. A known `event_id` applies nothing, a known `external_comment_id` skips the comment only, an `occurred_at` older than the last applied skips the status.',
      params: z.strictObject({}),
      bodyDoc: inboundSchema,
      handler: ({ rawBody, header, remoteAddress }) => answer(remoteAddress, () => inbound.verify({ rawBody, header })),
    }),
    ofEnvironment('jira', 'Jira', 'X-Hub-Signature'),
    ofEnvironment('servicenow', 'ServiceNow', 'X-Signature'),
    defineRoute({
      ...common,
      path: '/webhooks/connections/{con_id}',
      summary: 'Take a webhook of a connection’s tracker',
      description: `In the dialect of its tracker, signed with the connection’s own \`webhook_secret\`: Jira in \`X-Hub-Signature\`, others in \`X-Signature\`; a generic webhook sends what \`/webhooks/tickets\` takes. ${known}`,
      params: z.object({ con_id: z.string().max(64) }),
      bodyDoc: z.looseObject({}),
      handler: ({ params: { con_id: connectionId }, rawBody, header, remoteAddress }) =>
        answer(remoteAddress, () => inbound.verifyAt({ connectionId }, { rawBody, header })),
    }),
  ];
}
