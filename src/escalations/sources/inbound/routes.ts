import { z } from 'zod';
import { Problem } from '../../../http/problem.js';
import { example } from '../../../http/example-values.js';
import { answer, defineRoute, type Route } from '../../../http/route.js';
import { idParam } from '../../../http/schema.js';
import type { SignatureFailures } from '../../../http/signature-failures.js';
import { sourceAppliedSchema, sourceEventExamples, sourceEventSchema } from './schema.js';
import type { SourceInbound } from './service.js';

const signatureHeader = z.string();
const signatureExample = 'sha256=6d1b1f1d5a5c0a4b5b9b2f1c7de2f6f0b6a5f3c2e1d0c9b8a79685746352413f';

/** The signed way in for sources. */
export function sourceInboundRoute(inbound: SourceInbound, failures: SignatureFailures): Route {
  return defineRoute({
    id: 'receiveSourceEvent',
    method: 'post',
    path: '/webhooks/sources/{src_id}',
    audit: { none: 'a source sends it; the history of the escalation says so' },
    tag: 'Sources',
    summary: 'Receive a signed event of a source',
    description: [
      'Any content type is accepted. `escalation.created` raises an escalation, once for each `source_id`.',
      '`escalation.resolved` resolves it, and is a 404 before it was raised. Other events are ingested, once for each',
      '`id`. With `"test":true` nothing is applied.',
    ].join(' '),
    requestHeaders: {
      'X-Keeptrusts-Signature': signatureHeader.meta({
        description:
          '`sha256=` and the hex HMAC-SHA256 of the raw body. The key is the secret of the source, as UTF-8 bytes.',
        examples: [signatureExample],
      }),
      'X-Keeptrusts-Signature-Previous': signatureHeader.optional().meta({
        description: 'The same with another secret: one of both has to match.',
        examples: [signatureExample],
      }),
    },
    access: 'none',
    params: z.object({ src_id: idParam('source', example.source).max(64) }),
    body: 'raw',
    bodyDoc: sourceEventSchema,
    bodyExamples: sourceEventExamples,
    responses: {
      200: answer('It was applied, or is known already.', sourceAppliedSchema, {
        success: true,
        applied: { escalation: true, event: false },
      }),
    },
    errors: [
      ...(['invalid_signature', 'rate_limited', 'not_found', 'validation_failed'] as const),
      ...(['source_not_configured', 'database_unavailable'] as const),
    ],
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
