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
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly extras: ProblemExtras = {},
  ) {
    super(detail);
    this.name = 'Problem';
  }
}

export const badRequest = (code: string, detail: string) => new Problem(400, code, 'Bad Request', detail);

export const unauthorized = (detail: string) =>
  new Problem(401, 'unauthorized', 'Unauthorized', detail, { headers: { 'WWW-Authenticate': 'Bearer' } });

export const invalidSignature = (detail: string) => new Problem(401, 'invalid_signature', 'Unauthorized', detail);

export const forbidden = (detail: string) => new Problem(403, 'forbidden', 'Forbidden', detail);

export const notFound = (what: string) => new Problem(404, 'not_found', 'Not Found', `There is no such ${what}.`);

export const methodNotAllowed = (allow: string) =>
  new Problem(405, 'method_not_allowed', 'Method Not Allowed', `This path takes ${allow}.`, {
    headers: { Allow: allow },
  });

export const conflict = (code: string, detail: string) => new Problem(409, code, 'Conflict', detail);

/** If-Match named a version that is not the one there is. */
export const preconditionFailed = (detail: string) =>
  new Problem(412, 'precondition_failed', 'Precondition Failed', detail);

export const payloadTooLarge = (limitBytes: number) =>
  new Problem(413, 'payload_too_large', 'Payload Too Large', `The body may have ${limitBytes} bytes at most.`);

export const unsupportedMediaType = (detail: string) =>
  new Problem(415, 'unsupported_media_type', 'Unsupported Media Type', detail);

export const unprocessable = (errors: ProblemDetail[]) =>
  new Problem(
    422,
    'validation_failed',
    'Unprocessable Content',
    errors.map((e) => `${e.path || 'body'}: ${e.message}`).join('; '),
    {
      errors,
    },
  );

/** Well-formed, but refused for a reason that has a code of its own. */
export const refused = (code: string, detail: string) => new Problem(422, code, 'Unprocessable Content', detail);

export const tooManyRequests = (retryAfterSeconds: number, detail = 'Too many requests with this key.') =>
  new Problem(429, 'rate_limited', 'Too Many Requests', detail, {
    headers: { 'Retry-After': String(retryAfterSeconds) },
  });

/** A mistake of ours; the log has the rest, under the request's id. */
export const internalError = () =>
  new Problem(
    500,
    'internal_error',
    'Internal Server Error',
    'Something went wrong here. The X-Request-Id helps to find it.',
  );

/** A tracker refused finally; `detail` holds its words, already without secrets. */
export const providerError = (detail: string) => new Problem(502, 'provider_error', 'Bad Gateway', detail);

export const providerNotConfigured = (detail: string, missing: string[]) =>
  new Problem(503, 'provider_not_configured', 'ProviderNotConfigured', detail, { missing });

export const unavailable = (code: string, detail: string) =>
  new Problem(503, code, 'Service Unavailable', detail, { headers: { 'Retry-After': '1' } });
