import { CannotError, codeOf, UsageError } from './errors.js';

interface Lost {
  method: string;
  idempotencyKey?: string;
}

/** What to say when no answer came: where it was tried, why, and what to do. Nothing of the error's own text: it may quote headers. */
export function unreachable(error: unknown, apiUrl: string, { method, idempotencyKey }: Lost): Error {
  if (error instanceof UsageError) return error;
  const code = codeOf(error);
  if (code === 'ECONNREFUSED') {
    return new CannotError(
      `Nothing listens at ${apiUrl}. Start Drawbridge with \`npm start\`, which prints its address, or say where it is: --api-url URL or KT_API_URL.`,
    );
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new CannotError(`The name in ${apiUrl} is not known (${code}). Check --api-url or KT_API_URL.`);
  }
  const isTimeout = error instanceof Error && error.name === 'TimeoutError';
  const why = isTimeout ? 'no answer in time' : (code ?? 'the connection broke');
  const advice =
    method === 'GET'
      ? 'Try again.'
      : idempotencyKey === undefined
        ? 'The call may have been made: look before you repeat it.'
        : `The call may have been made; add --idempotency-key ${idempotencyKey} to repeat it safely.`;
  return new CannotError(`${apiUrl} did not answer (${why}). ${advice}`);
}
