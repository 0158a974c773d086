import { z } from 'zod';
import { Problem } from '../../http/problem.js';
import { defineRoute, type Route } from '../../http/route.js';
import type { SignatureFailures } from '../../http/signature-failures.js';
import { inboundAppliedSchema, inboundQueuedSchema, inboundSchema } from './schema.js';
import type { InboundService } from './service.js';

/** The signed way in for the trackers of the environment. */
export function inboundRoutes(inbound: InboundService, failures: SignatureFailures): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/webhooks/tickets',
      tag: 'Ticket Sync',
      summary: 'Take a tracker’s signed reply',
      description:
        '`X-Signature: sha256=<hex HMAC-SHA256(raw body, TICKET_WEBHOOK_SECRET)>` authorises it; any content type. A known `event_id` applies nothing, a known `external_comment_id` skips the comment only, an `occurred_at` older than the last applied skips the status.',
      access: 'none',
      params: z.strictObject({}),
      body: 'raw',
      bodyDoc: inboundSchema,
      responses: {
        200: { description: 'Applied.', schema: inboundAppliedSchema },
        202: { description: 'Verified and kept; applied later.', schema: inboundQueuedSchema },
      },
      handler: async ({ rawBody, header, remoteAddress }) => {
        try {
          inbound.verify(rawBody, header('x-signature'));
        } catch (error) {
          if (error instanceof Problem && error.status === 401) await failures.fail(remoteAddress);
          throw error;
        }
        const applied = await inbound.receive(rawBody);
        return { status: applied === 'queued' ? 202 : 200, body: { success: true, applied } };
      },
    }),
  ];
}
