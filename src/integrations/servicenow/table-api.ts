import { ProviderError } from '../../lib/provider-errors.js';
import type { AnswerMeter } from '../bounded-pages.js';
import type { HttpAnswer, HttpClient, HttpRequest } from '../http-call.js';
import { failureOf } from '../http-failure.js';
import { answerJson } from '../answer-text.js';
import { asError, field, isRow, isSysId, type Row } from './rows.js';
import type { Session } from './session.js';

export interface ListOptions {
  query: string;
  fields: readonly string[];
  limit: number;
  offset?: number;
  signal: AbortSignal;
  meter?: AnswerMeter;
}

export interface Listed {
  rows: Row[];
  /** Whether there may be more behind these. An ACL can make a page shorter than it is. */
  hasMore: boolean;
}

/** The Table API of one instance. Everything throws ProviderError and nothing else. */
export interface TableApi {
  list(table: string, options: ListOptions): Promise<Listed>;
  get(table: string, sysId: string, fields: readonly string[], signal: AbortSignal): Promise<Row>;
  create(table: string, values: Row, fields: readonly string[], signal: AbortSignal): Promise<Row>;
  update(table: string, sysId: string, values: Row, fields: readonly string[], signal: AbortSignal): Promise<Row>;
  /** Has credentials at hand, so that what follows fails for its own reasons alone. */
  signIn(signal: AbortSignal): Promise<void>;
}

/** What an instance may send of a list, even when it doesn't heed the limit. */
const maxRows = 2_000;

type Sent = Pick<HttpRequest, 'method' | 'signal'> & { path: string; params: Record<string, string>; values?: Row };

/** @param base the instance, without a trailing slash */
export function createTableApi(base: string, session: Session, http: HttpClient): TableApi {
  async function once({ method, path, params, values, signal }: Sent, authorization: string): Promise<HttpAnswer> {
    const search = new URLSearchParams({ ...params, sysparm_exclude_reference_link: 'true' });
    const body = values && Buffer.from(JSON.stringify(values), 'utf8');
    return http.call({
      method,
      url: new URL(`${base}/api/now/table/${path}?${search.toString()}`),
      headers: {
        authorization,
        accept: 'application/json',
        'user-agent': 'Drawbridge',
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body }),
      signal,
    });
  }

  /** A 401 did nothing, so with a new token it may be sent again; once. */
  async function send(sent: Sent): Promise<{ result: unknown; answer: HttpAnswer }> {
    const authorization = await session.authorization(sent.signal);
    let answer = await once(sent, authorization);
    if (answer.status === 401 && session.refused(authorization)) {
      answer = await once(sent, await session.authorization(sent.signal));
    }
    const failure = failureOf(answer, session.redact);
    if (failure) throw asAuthFailure(failure, answer);
    return { result: resultIn(answer), answer };
  }

  async function one(sent: Sent): Promise<Row> {
    const { result, answer } = await send(sent);
    if (isRow(result)) return result;
    throw unreadable(answer, 'it holds no record');
  }

  const recordPath = (table: string, sysId: string) => {
    if (!isSysId(sysId)) throw asError('bad_sys_id', 'This is no sys_id of ServiceNow.');
    return `${encodeURIComponent(table)}/${sysId}`;
  };

  return {
    async list(table, { query, fields, limit, offset = 0, signal, meter }) {
      const { result, answer } = await send({
        method: 'GET',
        path: encodeURIComponent(table),
        params: {
          sysparm_query: query,
          sysparm_fields: fields.join(','),
          sysparm_limit: String(limit),
          sysparm_offset: String(offset),
        },
        signal,
      });
      meter?.(answer.body.length);
      if (!Array.isArray(result)) throw unreadable(answer, 'it holds no list');
      // Each row is looked at, and a few MiB can hold a million.
      if (result.length > Math.max(limit, maxRows))
        throw unreadable(answer, 'it holds more records than were asked for');
      const rows: Row[] = result.filter(isRow);
      const total = totalOf(answer);
      return { rows, hasMore: total === null ? rows.length >= limit : offset + limit < total };
    },
    get: (table, sysId, fields, signal) =>
      one({ method: 'GET', path: recordPath(table, sysId), params: { sysparm_fields: fields.join(',') }, signal }),
    create: (table, values, fields, signal) => {
      const path = encodeURIComponent(table);
      return one({ method: 'POST', path, params: { sysparm_fields: fields.join(',') }, values, signal });
    },
    update: (table, sysId, values, fields, signal) => {
      const path = recordPath(table, sysId);
      return one({ method: 'PATCH', path, params: { sysparm_fields: fields.join(',') }, values, signal });
    },
    async signIn(signal) {
      await session.authorization(signal);
    },
  };
}

function totalOf({ headers }: HttpAnswer): number | null {
  const total = [headers['x-total-count'] ?? ''].flat()[0] ?? '';
  return /^\d{1,12}$/.test(total) ? Number(total) : null;
}

/** @throws ProviderError, retryable: what was done is found when it is looked for */
function resultIn(answer: HttpAnswer): unknown {
  if (!answer.complete) throw unreadable(answer, 'it is too long, or cannot be decompressed');
  const body = answerJson(answer);
  if (isRow(body)) return body.result;
  throw new ProviderError('not_json', `HTTP ${answer.status}: the answer of ServiceNow is no JSON.`, true);
}

const unreadable = ({ status }: HttpAnswer, why: string) =>
  new ProviderError('answer_unreadable', `HTTP ${status}: the answer of ServiceNow cannot be used, ${why}.`, true);

/** Some say 403 of credentials that they do not know. */
function asAuthFailure(failure: ProviderError, answer: HttpAnswer): ProviderError {
  const json = answerJson(answer);
  const explanation = field(isRow(json) ? json.error : null, 'message');
  const isAuth = answer.status === 403 && /not authenticated|authentication/i.test(explanation);
  return isAuth ? asError('http_401', failure.message) : failure;
}
