import type { z } from 'zod';
import type { problemSchema } from '../http/schema.js';
import { isObject, parseJson } from './json.js';
import type { Paint } from '../lib/paint.js';
import { oneLine, printable } from './output/text.js';

type ProblemDocument = z.output<typeof problemSchema>;

/** The problem document (RFC 9457) of a refused request, with defaults for missing members. */
export interface Problem extends Required<Pick<ProblemDocument, 'status' | 'title' | 'detail' | 'errors' | 'missing'>> {
  code: string | null;
  /** The `X-Request-Id` under which the API logged the request. */
  requestId: string | null;
}

/** Reads a problem document; null when the response is a success or doesn't come from the API. */
export function readProblem(response: Response, text: string): Problem | null {
  const document = parseJson(text);
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') ?? false;
  if (response.ok || !isObject(document) || !(isProblem || 'code' in document)) return null;
  const { title, detail, code, errors, missing } = document;
  return {
    status: response.status,
    title: typeof title === 'string' ? title : `Refused with ${response.status}`,
    detail: typeof detail === 'string' ? detail : '',
    code: typeof code === 'string' ? code : null,
    errors: arrayOf(errors).flatMap((error) =>
      isObject(error) && typeof error.message === 'string'
        ? [{ path: String(error.path), message: error.message }]
        : [],
    ),
    missing: arrayOf(missing).filter((key) => typeof key === 'string'),
    requestId: response.headers.get('x-request-id'),
  };
}

/** Formats a problem for people: title and detail, code, invalid fields, settings to set, request id and a hint. */
export function problemText(problem: Problem, paint: Paint): string {
  const { status, title, detail, code, errors, missing, requestId } = problem;
  const rows: [name: string, text: string][] = [['code', code === null ? String(status) : `${code} (${status})`]];
  for (const { path, message } of errors) rows.push(['wrong', `${path || 'body'}: ${message}`]);
  for (const key of missing) rows.push(['to set', key]);
  if (requestId !== null) rows.push(['X-Request-Id', requestId]);
  const hint = hints.get(code);
  if (hint !== undefined) rows.push(['hint', hint]);

  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  // The detail of a validation problem repeats its errors.
  const headline = errors.length > 0 ? title : `${title}: ${detail}`;
  const lines = rows.map(([name, text]) => `  ${paint('dim', name.padEnd(width))}${oneLine(text)}`);
  return [paint('red', `kt: ${printable(headline)}`), ...lines].join('\n');
}

const hints: ReadonlyMap<string | null, string> = new Map([
  ['unauthorized', 'Check KT_API_KEY (or --key). The key may be mistyped, deleted, expired, or of another Drawbridge.'],
  ['forbidden', '`kt whoami` lists the permissions of this key.'],
  ['not_found', 'Ids of another org are not found either. `kt whoami` names the org of the key.'],
  ['rate_limited', 'Try again in a moment.'],
]);

const arrayOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
