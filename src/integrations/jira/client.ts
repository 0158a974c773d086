import { z } from 'zod';
import { aborted, ProviderError } from '../../lib/provider-errors.js';
import { boundedArray, type AnswerMeter } from '../bounded-pages.js';
import type { HttpAnswer, HttpClient, HttpRequest } from '../http-call.js';
import { failureOf } from '../http-failure.js';
import { createRedactor, secretsOfUrl, type Redact } from '../redact.js';
import { answerJson } from '../answer-text.js';
import { withoutTrailingSlashes } from '../../lib/text.js';
import { trackerMessage } from '../tracker-message.js';
import { stringifyJson } from '../../lib/json/index.js';

type Query = Record<string, string | number>;

/** Calls of one site's REST API. Paths begin behind `/rest/api/3`. They throw nothing but ProviderError. */
export interface JiraClient {
  get<T>(path: string, schema: z.ZodType<T>, signal: AbortSignal, query?: Query, meter?: AnswerMeter): Promise<T>;
  post<T>(path: string, body: unknown, schema: z.ZodType<T>, signal: AbortSignal, meter?: AnswerMeter): Promise<T>;
  /** For calls whose answer says nothing. */
  send(path: string, body: unknown, signal: AbortSignal): Promise<void>;
  /** An error in our words around the tracker's: one line, redacted. */
  refusal(code: string, summary: string, theirs?: string): ProviderError;
}

export interface JiraAccess {
  baseUrl: URL;
  email: string | undefined;
  apiToken: string;
  http: HttpClient;
}

/** A 400 of Jira's, with what it says of each field. */
export class FieldsRefused extends ProviderError {
  constructor(
    failure: ProviderError,
    readonly fields: readonly string[],
    /** Whether it says something of no field, too. */
    readonly isMore: boolean,
  ) {
    super(failure.code, failure.message, failure.retryable, failure.retryAfterMs);
  }
}

const fieldErrorsSchema = z.object({
  errorMessages: boundedArray(z.unknown()).default([]),
  errors: z.record(z.string(), z.unknown()).default({}),
});

export function createJiraClient({ baseUrl, email, apiToken, http }: JiraAccess): JiraClient {
  const basic = Buffer.from(`${email ?? ''}:${apiToken}`).toString('base64');
  const authorization = email === undefined ? `Bearer ${apiToken}` : `Basic ${basic}`;
  const redact = createRedactor([apiToken, basic, ...secretsOfSite(baseUrl)]);
  const root = `${baseUrl.origin}${withoutTrailingSlashes(baseUrl.pathname)}/rest/api/3`;

  async function call(
    method: HttpRequest['method'],
    path: string,
    {
      signal,
      query = {},
      body,
      meter,
    }: { signal: AbortSignal; query?: Query; body?: unknown; meter?: AnswerMeter | undefined },
  ): Promise<HttpAnswer> {
    if (signal.aborted) throw aborted();
    const url = new URL(root + path);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
    const headers = {
      accept: 'application/json',
      'user-agent': 'Drawbridge',
      authorization,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const bytes = body === undefined ? {} : { body: Buffer.from(stringifyJson(body)) };
    const answer = await http.call({ method, url, headers, signal, ...bytes });
    meter?.(answer.body.length);
    const failure = failureOfJira(answer, redact);
    if (failure) throw failure;
    return answer;
  }

  return {
    async get(path, schema, signal, query, meter) {
      return read(await call('GET', path, { signal, meter, ...(query ? { query } : {}) }), schema);
    },
    async post(path, body, schema, signal, meter) {
      return read(await call('POST', path, { signal, body, meter }), schema);
    },
    async send(path, body, signal) {
      await call('POST', path, { signal, body });
    },
    refusal: (code, summary, theirs) =>
      new ProviderError(
        code,
        theirs === undefined ? summary : trackerMessage(summary, Buffer.from(theirs), redact),
        false,
      ),
  };
}

/** Of the address a path may be a credential; the scheme and the host are on every link. */
const secretsOfSite = (baseUrl: URL): string[] =>
  (baseUrl.pathname === '/' ? [] : secretsOfUrl(baseUrl)).filter((secret) => secret !== '/');

/** As everywhere, but for two things: a 403 that is about the credential counts as 401, and a 409 is a race. */
function failureOfJira(answer: HttpAnswer, redact: Redact): ProviderError | null {
  const failure = failureOf(answer, redact);
  if (!failure) return null;
  const { status, headers } = answer;
  const message = failure.message;
  if (status === 403 && isOfCredential(headers)) return new ProviderError('http_401', message, false);
  if (status === 409) return new ProviderError(failure.code, message, true);
  if (status !== 400) return failure;
  const parsed = fieldErrorsSchema.safeParse(answerJson(answer));
  if (!parsed.success) return failure;
  return new FieldsRefused(failure, Object.keys(parsed.data.errors), parsed.data.errorMessages.length > 0);
}

function isOfCredential(headers: HttpAnswer['headers']): boolean {
  const reason = [headers['x-seraph-loginreason'] ?? ''].flat().join(' ');
  return headers['x-authentication-denied-reason'] !== undefined || /AUTHENTICAT\w+_(FAILED|DENIED)/.test(reason);
}

/** What cannot be read may have been done all the same; it is looked for before it is done again. */
function read<T>(answer: HttpAnswer, schema: z.ZodType<T>): T {
  const result = schema.safeParse(answer.complete ? answerJson(answer) : undefined);
  if (result.success) return result.data;
  const why = answer.complete ? 'not what Jira is known to say' : 'too long to be read';
  throw new ProviderError('answer_unreadable', `HTTP ${answer.status}: the answer is ${why}.`, true);
}
