import type { Logger } from '../observability/logger.js';
import { problemType } from './error-codes.js';
import type { Answer } from './answer.js';
import { isDatabaseUnavailable } from '../db/errors.js';
import { internalError, Problem, unavailable } from './problem.js';

/** The one place that turns an error into an answer. Whatever is not a Problem says nothing of itself to the caller. */
export type RenderError = (error: unknown, requestId: string) => ProblemAnswer;

/** Its body is the JSON text of a problem. */
type ProblemAnswer = Answer & { body: string };

/**
 * @param publicUrl without a trailing slash; `type` points to the documentation under it
 * @param logger gets the errors that are ours (5xx), with the request's id to find them by
 */
export function createErrorRenderer({ publicUrl, logger }: { publicUrl: string; logger: Logger }): RenderError {
  return (error, requestId) => {
    const problem = toProblem(error);
    if (problem.status >= 500) log(logger, problem, error, requestId);
    return problemAnswer(problem, publicUrl);
  };
}

/** RFC 9457's document for a problem. */
export function problemAnswer(problem: Problem, publicUrl: string): ProblemAnswer {
  const { status, code, title, detail } = problem;
  const { errors, missing, headers = {} } = problem.extras;
  const type = problemType(code, publicUrl);
  return {
    status,
    headers: { ...headers, 'Content-Type': 'application/problem+json' },
    body: JSON.stringify({ type, title, status, detail, code, errors, missing }),
  };
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (isDatabaseUnavailable(error)) {
    return unavailable('database_unavailable', 'The database does not answer at the moment. Try again.');
  }
  return internalError();
}

function log(logger: Logger, problem: Problem, error: unknown, requestId: string): void {
  const entry = { request_id: requestId, problem: problem.code, err: error };
  // A gated provider or a database that is away is the operator's matter, not a defect.
  if (problem.status === 500) logger.error(entry, 'a request failed');
  else logger.warn(entry, 'a request could not be served');
}
