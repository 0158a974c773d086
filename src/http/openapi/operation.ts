import { z } from 'zod';
import type {
  ZodOpenApiMediaTypeObject,
  ZodOpenApiOperationObject,
  ZodOpenApiResponseObject,
  ZodOpenApiResponsesObject,
} from 'zod-openapi';
import type { ResponseDoc, Route } from '../route.js';
import { commonHeaders, headerRefs } from './headers.js';
import { isIdempotent, type ProblemResponses } from './problems.js';

const actorHeaders = {
  'X-Actor-Id': z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({
      description: 'For keys with `may_act`: the id of the person who is recorded as the actor.',
      examples: ['u-4711'],
      param: { id: 'ActorId' },
    }),
  'X-Actor-Name': z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({
      description: 'The name of the person in `X-Actor-Id`. Without one, the id is the name.',
      examples: ['Ada Reviewer'],
      param: { id: 'ActorName' },
    }),
};
const ifMatchHeader = {
  'If-Match': z
    .string()
    .optional()
    .meta({
      description: 'The `ETag` that was read. The answer is 412 when the document has changed since.',
      examples: ['"3"'],
      param: { id: 'IfMatch' },
    }),
};
const idempotencyHeader = {
  'Idempotency-Key': z
    .string()
    .min(1)
    .max(255)
    .optional()
    .meta({
      description:
        'Makes the request safe to repeat: within 24 hours, the same key and body give the first answer again.',
      examples: ['3f1c9a52-7d0e-4b1f-9a57-2f6f0f5d8a11'],
      param: { id: 'IdempotencyKey' },
    }),
};

/** One route as an operation of the OpenAPI document. @param path the whole path, with `{parameters}` */
export function toOperation(route: Route, path: string, problems: ProblemResponses): ZodOpenApiOperationObject {
  const keyed = route.access !== 'none';
  const header = {
    ...route.requestHeaders,
    ...(keyed && route.method !== 'get' && actorHeaders),
    ...(isIdempotent(route) && idempotencyHeader),
    ...(keyed && route.method === 'put' && ifMatchHeader),
  };
  const query = route.query as z.ZodObject | undefined;
  const requestBody = bodyOf(route);
  return {
    operationId: route.id,
    tags: [route.tag],
    summary: route.summary,
    description: [route.description, neededAccess(route.access)].filter(Boolean).join('\n\n'),
    ...(!keyed && { security: [] }),
    requestParams: {
      ...(path.includes('{') && { path: pathParams(route, path) }),
      ...(query && { query }),
      ...(Object.keys(header).length > 0 && { header: z.object(header) }),
    },
    ...(requestBody && { requestBody }),
    responses: merged(successes(route), problems(route)),
    ...(route.audit && { 'x-audit': 'none' in route.audit ? null : route.audit.action }),
  };
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
  const required = !schema.safeParse({}).success;
  return { required, content: { 'application/json': { schema, ...bodyExamples(route) } } };
}

function bodyExamples({ bodyExample, bodyExamples: examples }: Route): Partial<ZodOpenApiMediaTypeObject> {
  if (examples) return { examples };
  return bodyExample === undefined ? {} : { example: bodyExample as unknown };
}

function successes(route: Route): ZodOpenApiResponsesObject {
  return Object.fromEntries(
    Object.entries(route.responses).map(([status, response]) => [status, successOf(route, response)]),
  );
}

/** A status that is both an answer and a problem has both kinds of bodies. */
function merged(answers: ZodOpenApiResponsesObject, problems: ZodOpenApiResponsesObject): ZodOpenApiResponsesObject {
  const both = Object.entries(answers as Record<string, ZodOpenApiResponseObject>).map(([status, answer]) => {
    const problem = problems[status as '404'] as ZodOpenApiResponseObject | undefined;
    return [status, problem ? { ...answer, content: { ...answer.content, ...problem.content } } : answer] as const;
  });
  return { ...problems, ...Object.fromEntries(both) };
}

function successOf(route: Route, { description, content, headers = [] }: ResponseDoc) {
  const replayed = isIdempotent(route) ? (['IdempotentReplayed'] as const) : [];
  return {
    description,
    headers: headerRefs([...commonHeaders, ...headers, ...replayed]),
    ...(content && { content: { [content.type]: { schema: content.schema, example: content.example } } }),
  };
}

function neededAccess(access: Route['access']): string {
  if (access === 'none') return '';
  if (access === 'any') return 'Any valid key may call this.';
  if (access === 'admin') return 'Only the admin key may call this.';
  return `The key needs the permission \`${[access].flat().join('` or `')}\`.`;
}
