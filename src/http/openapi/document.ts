import { createDocument, type ZodOpenApiPathsObject } from 'zod-openapi';
import type { Route } from '../route.js';
import { patternOf } from '../router.js';
import { toOperation } from './operation.js';

const description = `Requests and answers are JSON in \`snake_case\`; times are ISO 8601 in UTC.

**Errors** are \`application/problem+json\` (RFC 9457) with a stable \`code\`. Any call may answer:
\`malformed_json\` (400), \`unauthorized\` (401), \`forbidden\` (403), \`not_found\` (404; also for whatever belongs to another org),
\`method_not_allowed\` (405), \`payload_too_large\` (413), \`unsupported_media_type\` (415), \`validation_failed\` (422, with
\`errors\`), \`rate_limited\` (429, with \`Retry-After\`), \`internal_error\` (500), \`database_unavailable\` (503).

**Idempotency**: any POST with a key takes an \`Idempotency-Key\`; the same request within 24 hours gives the first answer again
(\`Idempotent-Replayed: true\`), another body 422 \`idempotency_key_reused\`, one still running 409 \`idempotency_in_progress\`.

**Lists** take \`limit\` and \`cursor\`, and answer \`next_cursor\` while there is more.`;

/**
 * The OpenAPI 3.1 document of these routes, as a plain object.
 * @param publicUrl without a trailing slash
 */
export function createOpenApiDocument(routes: readonly Route[], { publicUrl }: { publicUrl: string }) {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    const path = patternOf(route);
    paths[path] = { ...paths[path], [route.method]: toOperation(route, path) };
  }
  return createDocument(
    {
      openapi: '3.1.0',
      info: { title: 'Drawbridge', version: '1', description },
      servers: [{ url: publicUrl }],
      tags: [...new Set(routes.map((route) => route.tag))].map((name) => ({ name })),
      security: [{ key: [] }],
      paths,
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
    },
    { allowEmptySchema: { custom: true } },
  );
}
