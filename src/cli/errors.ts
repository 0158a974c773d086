import type { Problem } from './output/problem.js';

/** Wrong use: exit 2, and the usage of what was meant. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The API said no: exit 1. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  /** @param text the answer's body as it came */
  constructor(
    readonly problem: Problem,
    readonly text: string,
  ) {
    super(problem.detail);
  }
}

/** Nobody, or somebody else, answered; or something here could not be read: exit 1. */
export class CannotError extends Error {
  override readonly name = 'CannotError';
}

/** The code of a system's error such as `ENOENT`, or of what it was caused by. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  // Both addresses of `localhost` were tried: each has its own error.
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return codeOf(error.cause);
}
