import type { oas31, ZodOpenApiResponseObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import { errorCodeDoc, problemType, type ErrorCode } from '../error-codes.js';
import type { Route } from '../route.js';
import { problemSchema } from '../schema.js';
import { commonHeaders, headerRefs, type AnswerHeader } from './headers.js';

/** Every code that an operation can answer with: its own, and those of the steps before its handler. */
export function errorCodesOf(route: Route): ErrorCode[] {
  const { method, access, errors } = route;
  const codes = new Set<ErrorCode>(['malformed_json', 'incomplete_body', 'internal_error', ...errors]);
  if (method !== 'get' && method !== 'delete') add(codes, 'payload_too_large', 'unsupported_media_type');
  if (access !== 'none')
    add(codes, 'unauthorized', 'forbidden', 'validation_failed', 'rate_limited', 'database_unavailable');
  if (access !== 'none' && route.path.includes('{')) add(codes, 'not_found');
  if (access !== 'none' && method === 'post') add(codes, 'idempotency_in_progress', 'idempotency_key_reused');
  return [...codes];
}

/** Whether a POST's first answer is stored for its `Idempotency-Key`. */
export const isIdempotent = ({ access, method }: Pick<Route, 'access' | 'method'>): boolean =>
  access !== 'none' && method === 'post';

/** Gives an operation's problems, by status. */
export type ProblemResponses = (route: Route) => ZodOpenApiResponsesObject;

/** For one document: operations with the same codes share a component. @param publicUrl without a trailing slash */
export function createProblemResponses(publicUrl: string): ProblemResponses {
  const components = new Map<string, ZodOpenApiResponseObject>();

  function responseOf(codes: readonly ErrorCode[], replayed: boolean): ZodOpenApiResponseObject {
    const response = problemResponse(codes, replayed, publicUrl);
    const name = componentName(codes);
    if (name === null) return response;
    const id = replayed ? `Replayable${name}` : name;
    const component = components.get(id) ?? { id, ...response };
    components.set(id, component);
    return component;
  }

  return (route) => {
    const byStatus = new Map<number, ErrorCode[]>();
    for (const code of errorCodesOf(route).sort()) {
      const { status } = errorCodeDoc(code);
      byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
    }
    const ofStatus = ([status, codes]: [number, ErrorCode[]]) =>
      [status, responseOf(codes, isIdempotent(route) && isStored(status))] as const;
    return Object.fromEntries([...byStatus].map(ofStatus));
  };
}

function add(codes: Set<ErrorCode>, ...more: ErrorCode[]): void {
  for (const code of more) codes.add(code);
}

/** Answers that a repeated request never gets again: see idempotency.ts. */
const isStored = (status: number) => status < 500 && ![401, 403, 429].includes(status);

function problemResponse(codes: readonly ErrorCode[], replayed: boolean, publicUrl: string) {
  const headers: AnswerHeader[] = [...commonHeaders];
  if (replayed) headers.push('IdempotentReplayed');
  if (codes.some((code) => errorCodeDoc(code).retryAfter)) headers.push('RetryAfter');
  if (codes.includes('unauthorized')) headers.push('WwwAuthenticate');
  return {
    description: codes.map((code) => `\`${code}\`: ${errorCodeDoc(code).meaning}`).join('\n\n'),
    headers: headerRefs(headers),
    content: {
      'application/problem+json': {
        schema: problemSchema,
        examples: Object.fromEntries(codes.map((code) => [code, problemExample(code, publicUrl)])),
      },
    },
  } satisfies ZodOpenApiResponseObject;
}

function problemExample(code: ErrorCode, publicUrl: string): oas31.ExampleObject {
  const { status, title, meaning } = errorCodeDoc(code);
  return {
    summary: code,
    value: {
      type: problemType(code, publicUrl),
      title,
      status,
      detail: meaning.replaceAll('`', ''),
      code,
      ...(code === 'validation_failed' && { errors: [{ path: 'title', message: 'must not be empty' }] }),
      ...(code === 'provider_not_configured' && { missing: ['JIRA_API_TOKEN'] }),
    },
  };
}

/** Of what many operations answer; null for what few do, which stands in the operation itself. */
function componentName(codes: readonly ErrorCode[]): string | null {
  const [code] = codes;
  return codes.length === 1 && code ? pascalCase(code) : (commonSets[codes.join(' ')] ?? null);
}

const commonSets: Record<string, string> = {
  'incomplete_body malformed_json': 'UnreadableBody',
  'idempotency_key_reused validation_failed': 'ValidationFailedOrKeyReused',
};

const pascalCase = (code: string) =>
  code.replace(/(^|_)([a-z])/g, (_match, _gap, letter: string) => letter.toUpperCase());
