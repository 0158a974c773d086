import { isPlainHttp, speaksPlainHttp } from '../../lib/plain-http.js';

/**
 * Why a call gave no answer. `timeout`, `network` and `unknown_host` may heal by themselves; `tls` does when somebody repairs a certificate.
 * - `invalid_request`: the URL or a header cannot be sent, and never will be
 * - `address_refused`: a literal address that may not be reached, or one of our own
 * - `unknown_host`: a name without an address that may be reached. Whether there is no such name or it is an internal one stays
 *   unsaid: the difference would tell an org which names the operator's network has
 * - `tls`: no trusted connection, such as a certificate that is not for this host
 * - `network`: no connection, or it broke
 * - `timeout`: the deadline for connecting, headers and body together passed
 * - `aborted`: the caller's signal, or the client was closed
 */
export type GuardedErrorCode =
  'invalid_request' | 'address_refused' | 'unknown_host' | 'tls' | 'network' | 'timeout' | 'aborted';

export interface GuardedErrorDetails {
  /** The system's or TLS's own code, such as `ECONNREFUSED`; null where there is none. */
  reason?: string | null;
  /** The status, when the answer had begun before it failed. */
  status?: number | null;
}

/** Its message is in our own words and may be shown to people of an org: no address, no URL, nothing of what a server sent. */
export class GuardedRequestError extends Error {
  readonly code: GuardedErrorCode;
  readonly reason: string | null;
  readonly status: number | null;

  constructor(code: GuardedErrorCode, message: string, { reason = null, status = null }: GuardedErrorDetails = {}) {
    super(message);
    this.name = 'GuardedRequestError';
    this.code = code;
    this.reason = reason;
    this.status = status;
  }
}

/** One and the same for every refused address: neither the address nor the range it is in becomes known. */
export const addressRefused = () => new GuardedRequestError('address_refused', 'This address may not be called.');

/** For a name that doesn't exist as for one that may not be called. */
export const unknownHost = () =>
  new GuardedRequestError(
    'unknown_host',
    'The name of this host is unknown, or leads to no address that may be called.',
  );

export const callAborted = () => new GuardedRequestError('aborted', 'The call was stopped before it ended.');

export const invalidRequest = (message: string) => new GuardedRequestError('invalid_request', message);

/** What went wrong while connecting or reading, with the system's code alone: messages hold addresses. */
export function networkError(error: unknown): GuardedRequestError {
  if (error instanceof GuardedRequestError) return error;
  const reason = systemCode(error);
  if (reason === 'UND_ERR_DESTROYED' || reason === 'UND_ERR_CLOSED') return callAborted();
  return new GuardedRequestError('network', `The connection failed${inBrackets(reason)}.`, { reason });
}

/** What went wrong in a TLS handshake: a connection that broke is the network's fault, all else is about trust. */
export function tlsError(error: unknown): GuardedRequestError {
  const reason = systemCode(error);
  if (reason === null || /^E(CONN\w+|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH)$/.test(reason)) return networkError(error);
  if (isPlainHttp(reason)) {
    return new GuardedRequestError('tls', `The receiver ${speaksPlainHttp}${inBrackets(reason)}.`, { reason });
  }
  return new GuardedRequestError('tls', `No trusted TLS connection could be made${inBrackets(reason)}.`, { reason });
}

/** The code of an error, or of the one inside it, which says more; null where there is none. */
function systemCode(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null;
  const inner = 'cause' in error ? systemCode(error.cause) : null;
  if (inner !== null) return inner;
  return 'code' in error && typeof error.code === 'string' && /^[A-Z0-9_]{1,64}$/.test(error.code) ? error.code : null;
}

const inBrackets = (reason: string | null) => (reason === null ? '' : ` (${reason})`);
