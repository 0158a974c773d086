import type { Problem } from './output/problem.js';

/** A refusal's document; null when the answer is none of the API's. */
export function problemOf(response: Response, text: string): Problem | null {
  const document = parsed(text);
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') ?? false;
  if (document === null || response.ok || !(isProblem || 'code' in document)) return null;
  const { title, detail, code, errors, missing } = document;
  return {
    status: response.status,
    title: typeof title === 'string' ? title : `Refused with ${response.status}`,
    detail: typeof detail === 'string' ? detail : '',
    code: typeof code === 'string' ? code : null,
    errors: listOf(errors).flatMap((error) =>
      isObject(error) && typeof error.message === 'string'
        ? [{ path: String(error.path), message: error.message }]
        : [],
    ),
    missing: listOf(missing).filter((key) => typeof key === 'string'),
    requestId: response.headers.get('x-request-id'),
  };
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value = JSON.parse(text) as unknown;
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
