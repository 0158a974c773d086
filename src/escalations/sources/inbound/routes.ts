import { z } from 'zod';
import { Problem } from '../../../http/problem.js';
import { defineRoute, type Route } from '../../../http/route.js';
import type { SignatureFailures } from '../../../http/signature-failures.js';
import { sourceAppliedSchema, sourceEventSchema } from './schema.js';
import type { SourceInbound } from './service.js';

/** The signed way in for sources. */
export function sourceInboundRoute(inbound: SourceInbound, failures: SignatureFailures): Route {
  return defineRoute({
    method: 'post',
    path: '/webhooks/sources/{src_id}',
    tag: 'Sources',
    summary: 'Take a source’s signed event',
    description: [
      '`X-Keeptrusts-Signature: sha256=<hex HMAC-SHA256(raw body, the source’s secret)>` authorises it, or the same in',
      '`X-Keeptrusts-Signature-Previous`; any content type. `escalation.created` raises an escalation, once for each',
      '`source_id`; `escalation.resolved` resolves it, and is a 404 before it was raised; others are ingested, once for',
      'each `id`. With `"test":true` nothing is applied. 503 `source_not_configured` while the secret cannot be opened.',
    ].join(' '),
    access: 'none',
    params: z.object({ src_id: z.string().max(64) }),
    body: 'raw',
    bodyDoc: sourceEventSchema,
    responses: { 200: { description: 'Applied, or known already.', schema: sourceAppliedSchema } },
    handler: async ({ params, rawBody, header, remoteAddress, newId }) => {
      const signatures = {
        newest: header('x-keeptrusts-signature'),
        previous: header('x-keeptrusts-signature-previous'),
      };
      const source = await inbound.verify(params.src_id, rawBody, signatures).catch(async (error: unknown) => {
        if (error instanceof Problem && error.status === 401) await failures.fail(remoteAddress);
        throw error;
      });
      return { status: 200, body: { success: true, applied: await inbound.receive(source, rawBody, newId) } };
    },
  });
}
