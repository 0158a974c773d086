import type { oas31 } from 'zod-openapi';

/** Headers of answers, by the name of their component. */
const headers = {
  RequestId: {
    name: 'X-Request-Id',
    description:
      'The id of this request in the logs. A request’s own `X-Request-Id` is kept when it has 1 to 128 letters, digits, dots, dashes or underscores.',
    schema: { type: 'string', maxLength: 128 },
    example: '3f1c9a52-7d0e-4b1f-9a57-2f6f0f5d8a11',
  },
  RateLimitLimit: {
    name: 'RateLimit-Limit',
    description: 'Requests a second that this key may make. Missing when the deployment has no limit.',
    schema: { type: 'integer', minimum: 1 },
    example: 100,
  },
  RateLimitRemaining: {
    name: 'RateLimit-Remaining',
    description: 'Requests left in the current second. Missing when the deployment has no limit.',
    schema: { type: 'integer', minimum: 0 },
    example: 99,
  },
  RateLimitReset: {
    name: 'RateLimit-Reset',
    description: 'Seconds until the limit is full again. Missing when the deployment has no limit.',
    schema: { type: 'integer', minimum: 1 },
    example: 1,
  },
  IdempotentReplayed: {
    name: 'Idempotent-Replayed',
    description: '`true` when this is the stored first answer to the same `Idempotency-Key`; missing otherwise.',
    schema: { type: 'string', enum: ['true'] },
    example: 'true',
  },
  ETag: {
    name: 'ETag',
    description: 'The version of the document. Send it as `If-Match` with the next PUT.',
    schema: { type: 'string' },
    example: '"3"',
    required: true,
  },
  RetryAfter: {
    name: 'Retry-After',
    description: 'Seconds to wait before the next try.',
    schema: { type: 'integer', minimum: 1 },
    example: 1,
  },
  WwwAuthenticate: {
    name: 'WWW-Authenticate',
    description: 'The scheme to authenticate with.',
    schema: { type: 'string' },
    example: 'Bearer',
  },
} as const;

export type AnswerHeader = keyof typeof headers;

/** `components.headers`. */
export const headerComponents = Object.fromEntries(
  Object.entries(headers).map(([id, { name: _, ...header }]) => [id, header]),
) as Record<AnswerHeader, oas31.HeaderObject>;

/** Headers of an answer, as references by their names. */
export const headerRefs = (ids: readonly AnswerHeader[]): Record<string, oas31.ReferenceObject> =>
  Object.fromEntries(ids.map((id) => [headers[id].name, { $ref: `#/components/headers/${id}` }]));

/** Headers that every answer of a route has. */
export const commonHeaders: readonly AnswerHeader[] = [
  'RequestId',
  'RateLimitLimit',
  'RateLimitRemaining',
  'RateLimitReset',
];
