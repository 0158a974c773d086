import type { Paint } from '../../lib/paint.js';
import { oneLine, printable } from './printable.js';

/** A refusal, as far as it could be read. */
export interface Problem {
  status: number;
  title: string;
  detail: string;
  code: string | null;
  errors: { path: string; message: string }[];
  missing: string[];
  requestId: string | null;
}

/** For people: title and detail, the code, each wrong field, what to set, and the id that the log knows it by. */
export function problemText(problem: Problem, paint: Paint): string {
  const { status, title, detail, code, errors, missing, requestId } = problem;
  const rows: [string, string][] = [
    ['code', code === null ? String(status) : `${code} (${status})`],
    ...errors.map((error): [string, string] => ['wrong', `${error.path || 'body'}: ${error.message}`]),
    ...missing.map((key): [string, string] => ['to set', key]),
    ...(requestId === null ? [] : [['X-Request-Id', requestId] as [string, string]]),
    ...(code !== null && Object.hasOwn(hints, code) ? [['hint', hints[code] ?? ''] as [string, string]] : []),
  ];
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  // The detail of a validation says the same as its errors.
  const first = errors.length > 0 ? title : `${title}: ${detail}`;
  return [
    paint('red', `kt: ${printable(first)}`),
    ...rows.map(([name, text]) => `  ${paint('dim', name.padEnd(width))}${oneLine(text)}`),
  ].join('\n');
}

const hints: Readonly<Record<string, string>> = {
  unauthorized: 'Check KT_API_KEY (or --key): it may be mistyped, deleted, expired, or of another Drawbridge.',
  forbidden: '`kt whoami` says what this key may do.',
  not_found: 'Ids of another org are not found either; `kt whoami` says whose the key is.',
  rate_limited: 'Try again in a moment.',
};
