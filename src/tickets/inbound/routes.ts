import { z } from 'zod';
import { example } from '../../http/example-values.js';
import { Problem } from '../../http/problem.js';
import { answer, defineRoute, type Route } from '../../http/route.js';
import { idParam } from '../../http/schema.js';
import type { SignatureFailures } from '../../http/signature-failures.js';
import { inboundAppliedSchema, inboundQueuedSchema, inboundSchema, trackerEventSchema } from './schema.js';
import type { InboundService, Verified } from './service.js';

const responses = {
  200: answer('It was applied.', inboundAppliedSchema, { success: true, applied: { comment: true, status: false } }),
  202: answer('It is verified and stored, and will be applied later.', inboundQueuedSchema, {
    success: true,
    applied: 'queued',
  }),
};

const audit = { none: 'a tracker sends it; what it changes is in the thread and on the link' };
const common = { method: 'post', tag: 'Ticket Sync', access: 'none', body: 'raw', responses, audit } as const;
const known =
  'Known events and comments change nothing, and neither does what Drawbridge itself wrote. A status that is older than the last applied one is dropped. A webhook that is about no ticket and no comment changes nothing.';
const errors = [
  ...(['invalid_signature', 'rate_limited', 'not_found', 'validation_failed'] as const),
  ...(['provider_not_configured', 'provider_unavailable', 'database_unavailable'] as const),
];

/** @param secret in words, with its name as code */
const signature = (secret: string) => ({
  description: `\`sha256=\` and the hex HMAC-SHA256 of the raw body. The key is ${secret}, as UTF-8 bytes.`,
  examples: ['sha256=6d1b1f1d5a5c0a4b5b9b2f1c7de2f6f0b6a5f3c2e1d0c9b8a79685746352413f'],
});
const signatureHeader = (secret: string) => z.string().meta(signature(secret));
const oneOfTwo = z.string().optional().meta(signature('the connection’s `webhook_secret`'));

const genericExample: z.input<typeof inboundSchema> = {
  external_id: 'SEC-1',
  comment: { external_comment_id: '10043', author: 'Tracker user', body: 'Done, see the attachment.' },
  event_id: 'evt-20260115-0042',
  occurred_at: example.later,
};
const jiraExample = {
  webhookEvent: 'jira:issue_updated',
  timestamp: 1768470130000,
  issue: { id: '10001', key: 'SEC-1', fields: { status: { id: '3', name: 'In Progress' } } },
};
const serviceNowExample = {
  event_id: '4bb1cbd5c0a80164006c5d8e8f1a2b3c',
  sys_id: '9d385017c611228701d22104cc95c371',
  number: 'INC0010001',
  state: '2',
};

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

  const ofEnvironment = (
    environment: 'jira' | 'servicenow',
    { product, header, bodyExample }: { product: 'Jira' | 'ServiceNow'; header: string; bodyExample: object },
  ) =>
    defineRoute({
      ...common,
      id: `receive${product}Webhook`,
      path: `/webhooks/${environment}`,
      summary: `Receive a webhook of the deployment’s ${product}`,
      description: `The body is what ${product} sends by itself, with any content type. ${known}`,
      params: z.strictObject({}),
      bodyDoc: trackerEventSchema,
      bodyExample,
      requestHeaders: { [header]: signatureHeader(`\`${environment.toUpperCase()}_WEBHOOK_SECRET\``) },
      errors,
      handler: ({ rawBody, header: headerOf, remoteAddress }) =>
        answer(remoteAddress, () => inbound.verifyAt({ environment }, { rawBody, header: headerOf })),
    });

  return [
    defineRoute({
      ...common,
      id: 'receiveTicketWebhook',
      path: '/webhooks/tickets',
      summary: 'Receive a signed reply of the deployment’s tracker',
      description:
        'For trackers that are connected by a signed webhook; any content type is accepted. A known `event_id` changes nothing, a known `external_comment_id` skips the comment only, and an `occurred_at` older than the last applied one skips the status.',
      params: z.strictObject({}),
      bodyDoc: inboundSchema,
      bodyExample: genericExample,
      requestHeaders: { 'X-Signature': signatureHeader('`TICKET_WEBHOOK_SECRET`') },
      errors,
      handler: ({ rawBody, header, remoteAddress }) => answer(remoteAddress, () => inbound.verify({ rawBody, header })),
    }),
    ofEnvironment('jira', { product: 'Jira', header: 'X-Hub-Signature', bodyExample: jiraExample }),
    ofEnvironment('servicenow', { product: 'ServiceNow', header: 'X-Signature', bodyExample: serviceNowExample }),
    defineRoute({
      ...common,
      id: 'receiveConnectionWebhook',
      path: '/webhooks/connections/{con_id}',
      summary: 'Receive a webhook of a connection’s tracker',
      description: `The body is what the tracker of the connection sends; a signed webhook sends what \`receiveTicketWebhook\` takes. Jira signs in \`X-Hub-Signature\`, every other tracker in \`X-Signature\`: one of them is needed. ${known}`,
      params: z.object({ con_id: idParam('connection', example.connection).max(64) }),
      bodyDoc: trackerEventSchema,
      bodyExamples: {
        webhook: { summary: 'A signed webhook', value: genericExample },
        jira: { summary: 'Jira', value: jiraExample },
        servicenow: { summary: 'ServiceNow', value: serviceNowExample },
      },
      requestHeaders: {
        'X-Signature': oneOfTwo,
        'X-Hub-Signature': oneOfTwo,
      },
      errors,
      handler: ({ params: { con_id: connectionId }, rawBody, header, remoteAddress }) =>
        answer(remoteAddress, () => inbound.verifyAt({ connectionId }, { rawBody, header })),
    }),
  ];
}
