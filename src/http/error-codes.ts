export interface ErrorCodeDoc {
  status: number;
  title: string;
  /** What has happened. One or more sentences in Markdown; only inline code is used. */
  meaning: string;
  /** What the caller can do about it. */
  action: string;
  /** Whether the answer carries a `Retry-After`. */
  retryAfter?: true;
}

const badRequest = { status: 400, title: 'Bad Request' } as const;
const unauthorized = { status: 401, title: 'Unauthorized' } as const;
const forbidden = { status: 403, title: 'Forbidden' } as const;
const conflict = { status: 409, title: 'Conflict' } as const;
const unprocessable = { status: 422, title: 'Unprocessable Content' } as const;
const unavailable = { status: 503, title: 'Service Unavailable', retryAfter: true } as const;

/**
 * Every `code` that a problem can have. `Problem` takes no other, the OpenAPI document lists them for each operation, and
 * `/docs/errors` explains them. Codes are stable: callers build on them.
 */
export const errorCodes = {
  bad_request: {
    ...badRequest,
    meaning: 'The server could not read this as an HTTP request. A 408 or a 431 carries this code, too.',
    action: 'Check the client or the proxy in front of it: the request line, the headers and their size.',
  },
  malformed_json: {
    ...badRequest,
    meaning: 'The body is not JSON in UTF-8.',
    action: 'Send valid JSON. An empty body counts as `{}`.',
  },
  incomplete_body: {
    ...badRequest,
    meaning: 'The connection ended before the whole body had arrived.',
    action: 'Send the request again.',
  },
  unauthorized: {
    ...unauthorized,
    meaning: 'The request carries no API key, or one that does not exist, has expired or was deleted.',
    action: 'Send `Authorization: Bearer <key>` with a valid key.',
  },
  invalid_signature: {
    ...unauthorized,
    meaning: 'The signature header is missing, or it is not the signature of this very body.',
    action: 'Sign the raw bytes of the body with the secret that both sides have, and send them unchanged.',
  },
  forbidden: {
    ...forbidden,
    meaning: 'The key is valid, but it lacks a permission. `detail` names the permission.',
    action: 'Use a key that has the permission.',
  },
  not_claimer: {
    ...forbidden,
    meaning: 'Someone else has claimed this escalation.',
    action: 'Let the claimer do it, or use a key with `configure`.',
  },
  not_found: {
    status: 404,
    title: 'Not Found',
    meaning: 'There is no such object. Objects of other orgs answer the same.',
    action: 'Check the org and the id in the path, and which org the key belongs to.',
  },
  method_not_allowed: {
    status: 405,
    title: 'Method Not Allowed',
    meaning: 'The path exists, but not with this method. The `Allow` header lists the methods.',
    action: 'Use one of these methods.',
  },
  org_exists: { ...conflict, meaning: 'An org with this id exists.', action: 'Choose another id, or use that org.' },
  concurrent_changes: {
    ...conflict,
    meaning: 'Others changed the same object at the same time, again and again.',
    action: 'Send the request again.',
  },
  idempotency_in_progress: {
    ...conflict,
    meaning: 'The first request with this `Idempotency-Key` is still running.',
    action: 'Send the same request again after a second: it gives the first answer.',
  },
  too_many_connections: {
    ...conflict,
    meaning: 'The org has as many connections as it may have.',
    action: 'Delete a connection that is no longer used.',
  },
  connection_in_use: {
    ...conflict,
    meaning: 'Tickets are linked through this connection.',
    action: 'Unlink these tickets first.',
  },
  too_many_endpoints: {
    ...conflict,
    meaning: 'The org has as many webhook endpoints as it may have.',
    action: 'Delete an endpoint that is no longer used.',
  },
  endpoint_disabled: {
    ...conflict,
    meaning: 'The endpoint is disabled, so nothing is sent to it.',
    action: 'Enable the endpoint first: PATCH it with `{"enabled":true}`.',
  },
  payload_dropped: {
    ...conflict,
    meaning: 'The event is past its retention, so there is nothing left to send.',
    action: 'Read the state of the object through the API instead.',
  },
  already_settled: {
    ...conflict,
    meaning: 'The delivery has succeeded, failed or been cancelled already.',
    action: 'Nothing: no further attempt is planned.',
  },
  ticket_exists: {
    ...conflict,
    meaning: 'The subject has a ticket already.',
    action: 'Use that ticket, or unlink it first.',
  },
  already_claimed: {
    ...conflict,
    meaning: 'Someone else has claimed this escalation. `detail` names the person.',
    action: 'Wait until it is released.',
  },
  already_resolved: {
    ...conflict,
    meaning: 'The escalation has been resolved, and that is final.',
    action: 'Read the escalation for its resolution.',
  },
  not_claimed: {
    ...conflict,
    meaning: 'Nobody has claimed this escalation.',
    action: 'Claim it first.',
  },
  decided_at_source: {
    ...conflict,
    meaning: 'The escalation came from a source, and the queue of that source decides on it.',
    action: 'Decide at its `review_url`.',
  },
  too_many_changes: {
    ...conflict,
    meaning: 'The escalation was claimed and released so often that its history is full.',
    action: 'Resolve it.',
  },
  precondition_failed: {
    status: 412,
    title: 'Precondition Failed',
    meaning: '`If-Match` names a version that is no longer the current one.',
    action: 'Read the document again, apply your change to it, and send its new `ETag`.',
  },
  payload_too_large: {
    status: 413,
    title: 'Payload Too Large',
    meaning: 'The body is larger than this operation accepts. `detail` names the limit.',
    action: 'Send less at once.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'Unsupported Media Type',
    meaning: 'The body is not declared as JSON in UTF-8, or it has a `Content-Encoding`.',
    action: 'Send `Content-Type: application/json` and an uncompressed body.',
  },
  validation_failed: {
    ...unprocessable,
    meaning: 'Fields, query values or headers are not accepted. `errors` names each one and what is wrong with it.',
    action: 'Correct what `errors` lists. Unknown fields are errors, too.',
  },
  idempotency_key_reused: {
    ...unprocessable,
    meaning: 'This `Idempotency-Key` was used for another body within the last 24 hours.',
    action: 'Use a new key for each new request.',
  },
  rate_limited: {
    status: 429,
    title: 'Too Many Requests',
    retryAfter: true,
    meaning: 'Too many requests came with this key or from this address.',
    action: 'Wait as long as `Retry-After` says.',
  },
  internal_error: {
    status: 500,
    title: 'Internal Server Error',
    meaning: 'Something failed in Drawbridge.',
    action: 'Try again. If it stays, give the `X-Request-Id` of the answer to your operator: it finds the log lines.',
  },
  provider_error: {
    status: 502,
    title: 'Bad Gateway',
    meaning: 'The tracker has refused for good. `detail` holds its words.',
    action: 'Correct what the tracker names, there or in the connection, and send the request again.',
  },
  provider_not_configured: {
    status: 503,
    title: 'ProviderNotConfigured',
    meaning: 'The tracker is not set up completely. Nothing was recorded.',
    action: 'Set what `missing` lists: environment keys of the deployment, or secrets of the connection.',
  },
  provider_unavailable: {
    ...unavailable,
    meaning: 'The secrets of this connection cannot be decrypted at the moment.',
    action: 'Give the encryption key back to the deployment (`ENCRYPTION_KEYS_OLD`). The sender may try again.',
  },
  connection_gone: {
    ...unavailable,
    meaning: 'The connection that this ticket goes through was deleted.',
    action: 'Unlink the ticket, or route the escalation to another connection.',
  },
  connection_sealed: {
    ...unavailable,
    meaning: 'The secrets of the connection that this ticket goes through cannot be decrypted.',
    action: 'Give the encryption key back to the deployment (`ENCRYPTION_KEYS_OLD`), or set the secrets again.',
  },
  secret_unavailable: {
    ...unavailable,
    meaning: 'The secret of this endpoint cannot be decrypted, so nothing can be signed.',
    action: 'Give the encryption key back to the deployment (`ENCRYPTION_KEYS_OLD`), or rotate the secret.',
  },
  source_not_configured: {
    ...unavailable,
    meaning: 'The secret of this source cannot be decrypted, so its signature cannot be checked.',
    action: 'Give the encryption key back to the deployment (`ENCRYPTION_KEYS_OLD`). The source may try again.',
  },
  database_unavailable: {
    ...unavailable,
    meaning: 'The database does not answer at the moment. Nothing was acknowledged.',
    action: 'Try again, with the same `Idempotency-Key` if you sent one.',
  },
} as const satisfies Record<string, ErrorCodeDoc>;

export type ErrorCode = keyof typeof errorCodes;

/** The codes of one status. */
export type ErrorCodeOf<Status extends number> = {
  [Code in ErrorCode]: (typeof errorCodes)[Code]['status'] extends Status ? Code : never;
}[ErrorCode];

/** What is known of a code. */
export const errorCodeDoc = (code: ErrorCode): ErrorCodeDoc => errorCodes[code];

/** The address that explains a code: `type` of its problems. @param publicUrl without a trailing slash */
export const problemType = (code: ErrorCode, publicUrl: string) => `${publicUrl}/docs/errors#${code}`;
