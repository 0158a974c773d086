import { z } from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import type { Route } from '../route.js';
import { problemSchema } from '../schema.js';

const actorHeaders = {
  'X-Actor-Id': z.string().max(200).optional().meta({ description: 'For keys with `may_act`: who did it.' }),
  'X-Actor-Name': z.string().max(200).optional().meta({ description: 'The name to `X-Actor-Id`.' }),
};
const ifMatchHeader = {
  'If-Match': z
    .string()
    .optional()
    .meta({ description: 'The `ETag` that was read: 412 when the document has changed since.' }),
};
const idempotencyHeader = { 'Idempotency-Key': z.string().min(1).max(255).optional() };

/** One route as OpenAPI's operation. @param path the whole path, with `{parameters}` */
export function toOperation(route: Route, path: string): ZodOpenApiOperationObject {
  const keyed = route.access !== 'none';
  const header = {
    ...(keyed && route.method !== 'get' && actorHeaders),
    ...(keyed && route.method === 'post' && idempotencyHeader),
    ...(keyed && route.method === 'put' && ifMatchHeader),
  };
  const query = route.query as z.ZodObject | undefined;
  const requestBody = bodyOf(route);
  return {
    operationId: operationId(route.method, path),
    tags: [route.tag],
    summary: route.summary,
    description: [route.description, needs(route.access)].filter(Boolean).join('\n\n'),
    ...(!keyed && { security: [] }),
    requestParams: {
      ...(path.includes('{') && { path: pathParams(route, path) }),
      ...(query && { query }),
      ...(Object.keys(header).length > 0 && { header: z.object(header) }),
    },
    ...(requestBody && { requestBody }),
    responses: responsesOf(route),
  };
}

/** `post`, `/api/v1/orgs/{org}/api-keys` → `postOrgsByOrgApiKeys`: stable while the path is. */
export function operationId(method: string, path: string): string {
  const words = path
    .replace(/^\/api\/v1/, '')
    .split('/')
    .flatMap((segment) => (segment.startsWith('{') ? ['by', segment.slice(1, -1)] : [segment]))
    .flatMap((segment) => segment.split(/[^A-Za-z0-9]+/))
    .filter(Boolean);
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

/** Every `{parameter}` of a path is declared, also where a handler does not look at it. */
function pathParams(route: Route, path: string): z.ZodObject {
  const declared = route.params instanceof z.ZodObject ? route.params.shape : {};
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  return z.object(
    Object.fromEntries(names.map((name) => [name, (declared[name] as z.ZodType | undefined) ?? z.string()])),
  );
}

function bodyOf(route: Route): ZodOpenApiOperationObject['requestBody'] {
  const schema = (route.body === 'raw' ? route.bodyDoc : route.body) as z.ZodType | undefined;
  if (!schema) return undefined;
  return { required: !schema.safeParse({}).success, content: { 'application/json': { schema } } };
}

function responsesOf(route: Route): ZodOpenApiResponsesObject {
  const responses: ZodOpenApiResponsesObject = {
    default: { description: 'A problem.', content: { 'application/problem+json': { schema: problemSchema } } },
  };
  for (const [status, { description, schema }] of Object.entries(route.responses)) {
    responses[status as '200'] = { description, ...(schema && { content: { 'application/json': { schema } } }) };
  }
  return responses;
}

function needs(access: Route['access']): string {
  if (access === 'none') return '';
  if (access === 'any') return 'Any key.';
  return access === 'admin' ? 'The admin key only.' : `Needs \`${[access].flat().join('` or `')}\`.`;
}
