import type { Problem } from './problem.js';

/** The command line is wrong: exit code 2, with the usage of the command. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The API refused the request: exit code 1. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  /** @param text the body of the response, unchanged */
  constructor(
    readonly problem: Problem,
    readonly text: string,
  ) {
    super(problem.detail);
  }
}

/** The command cannot be carried out, for example because the API is unreachable: exit code 1. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** The code of a system error such as `ENOENT`, or of its cause. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  // `localhost` has an IPv4 and an IPv6 address, and each failed with an error of its own.
  if (error instanceof AggregateError) return errorCode(error.errors[0]);
  return errorCode(error.cause);
}
