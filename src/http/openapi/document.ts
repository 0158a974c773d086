import { createDocument, type oas31, type ZodOpenApiPathsObject } from 'zod-openapi';
import type { Route } from '../route.js';
import { patternOf } from '../router.js';
import { problemSchema } from '../schema.js';
import { commonHeaders, headerComponents, headerRefs } from './headers.js';
import { toOperation } from './operation.js';
import { makePortable } from './portable.js';
import { createProblemResponses } from './problems.js';
import { tags } from './tags.js';
import { toWebhook, type OutgoingWebhooks } from './webhook.js';

const description = `Drawbridge ties a governance product to trackers, chats and receivers.

Requests and answers are JSON in \`snake_case\`. Times are ISO 8601 in UTC with milliseconds. Version 1 changes only by addition: ignore
fields that you don't know.

**Errors** are \`application/problem+json\` (RFC 9457). Build on \`code\`, which is stable; \`type\` is the address of its explanation.

**Idempotency.** Any POST with an API key takes an \`Idempotency-Key\`. Repeated within 24 hours, the same key and body give the first answer
again, marked \`Idempotent-Replayed: true\`. Answers with 401, 403, 429 and 5xx are not stored.

**Audit.** \`x-audit\` is the action under which a call is found in the audit log; null for calls that leave no entry there.

**Lists** take \`limit\` and \`cursor\`. They are complete when \`next_cursor\` is null.

**Request ids.** Every answer carries \`X-Request-Id\`.`;

export interface DocumentOptions {
  /** Without a trailing slash. */
  publicUrl: string;
  /** What Drawbridge sends to others. */
  webhooks?: OutgoingWebhooks;
}

/** The OpenAPI 3.1 document of these routes, as a plain object. */
export function createOpenApiDocument(
  routes: readonly Route[],
  { publicUrl, webhooks = {} }: DocumentOptions,
): oas31.OpenAPIObject {
  const paths: ZodOpenApiPathsObject = {};
  const problems = createProblemResponses(publicUrl);
  for (const route of routes) {
    const path = patternOf(route);
    const operation = toOperation(route, path, problems);
    const responses = { ...operation.responses, default: { $ref: '#/components/responses/Problem' } };
    paths[path] = { ...paths[path], [route.method]: { ...operation, responses } };
  }
  const document = createDocument(
    {
      openapi: '3.1.0',
      info: {
        title: 'Drawbridge',
        version: '1',
        description,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
        contact: { name: 'The operator of this deployment', url: publicUrl },
      },
      servers: [{ url: publicUrl, description: 'This deployment.' }],
      tags: usedTags(routes, webhooks),
      security: [{ key: [] }],
      paths,
      webhooks: Object.fromEntries(Object.entries(webhooks).map(([name, webhook]) => [name, toWebhook(webhook)])),
      components: {
        headers: headerComponents,
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer', description: 'An API key of an org, or the admin key.' },
        },
        responses: {
          Problem: {
            description: 'Any other problem.',
            headers: headerRefs(commonHeaders),
            content: { 'application/problem+json': { schema: problemSchema } },
          },
        },
      },
    },
    { allowEmptySchema: { custom: true } },
  );
  return makePortable(document);
}

function usedTags(routes: readonly Route[], webhooks: OutgoingWebhooks): oas31.TagObject[] {
  const used = new Set<string>([...routes, ...Object.values(webhooks)].map(({ tag }) => tag));
  return Object.entries(tags)
    .filter(([name]) => used.has(name))
    .map(([name, text]) => ({ name, description: text }));
}
