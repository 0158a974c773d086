import { errorCodeDoc, type ErrorCode, type ErrorCodeOf } from './error-codes.js';

/** One thing that is wrong with a request: where (a dotted path such as `events[17].type`), and what. */
export interface ProblemDetail {
  path: string;
  message: string;
}

export interface ProblemExtras {
  errors?: ProblemDetail[];
  missing?: string[];
  headers?: Record<string, string>;
}

/** An answer of RFC 9457. `code` is stable and documented; `detail` says what is wrong and what to do, without secrets. */
export class Problem extends Error {
  readonly status: number;
  readonly title: string;

  constructor(
    readonly code: ErrorCode,
    readonly detail: string,
    readonly extras: ProblemExtras = {},
  ) {
    super(detail);
    this.name = 'Problem';
    const { status, title } = errorCodeDoc(code);
    this.status = status;
    this.title = title;
  }
}

export const badRequest = (code: ErrorCodeOf<400>, detail: string) => new Problem(code, detail);

export const unauthorized = (detail: string) =>
  new Problem('unauthorized', detail, { headers: { 'WWW-Authenticate': 'Bearer' } });

export const invalidSignature = (detail: string) => new Problem('invalid_signature', detail);

export const forbidden = (detail: string) => new Problem('forbidden', detail);

export const notFound = (what: string) => new Problem('not_found', `There is no such ${what}.`);

export const methodNotAllowed = (allow: string) =>
  new Problem('method_not_allowed', `This path takes ${allow}.`, {
    headers: { Allow: allow },
  });

export const conflict = (code: ErrorCodeOf<409>, detail: string) => new Problem(code, detail);

/** If-Match named a version that is not the one there is. */
export const preconditionFailed = (detail: string) => new Problem('precondition_failed', detail);

export const payloadTooLarge = (limitBytes: number) =>
  new Problem('payload_too_large', `The body may have ${limitBytes} bytes at most.`);

export const unsupportedMediaType = (detail: string) => new Problem('unsupported_media_type', detail);

export const unprocessable = (errors: ProblemDetail[]) =>
  new Problem('validation_failed', errors.map((e) => `${e.path || 'body'}: ${e.message}`).join('; '), {
    errors,
  });

/** Well-formed, but refused for a reason that has a code of its own. */
export const refused = (code: ErrorCodeOf<422>, detail: string) => new Problem(code, detail);

export const tooManyRequests = (retryAfterSeconds: number, detail = 'Too many requests with this key.') =>
  new Problem('rate_limited', detail, {
    headers: { 'Retry-After': String(retryAfterSeconds) },
  });

/** A mistake of ours; the log has the rest, under the request's id. */
export const internalError = () =>
  new Problem('internal_error', 'Something went wrong here. The X-Request-Id helps to find it.');

/** A tracker refused finally; `detail` holds its words, already without secrets. */
export const providerError = (detail: string) => new Problem('provider_error', detail);

export const providerNotConfigured = (detail: string, missing: string[]) =>
  new Problem('provider_not_configured', detail, { missing });

export const unavailable = (code: ErrorCodeOf<503>, detail: string) =>
  new Problem(code, detail, { headers: { 'Retry-After': '1' } });
