import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Whoami } from './api-types.js';
import { CommandError, errorCode, RefusedError, UsageError } from './errors.js';
import { parseJson } from './json.js';
import { readProblem } from './problem.js';
import type { Settings } from './settings.js';

export interface ApiAnswer<T> {
  body: T;
  /** The body unchanged; empty for a 204. */
  text: string;
}

export type Query = Readonly<Record<string, string | number | undefined>>;

/**
 * Calls the API. Every call throws RefusedError when the API refuses, CommandError when no API answers, and UsageError
 * when a setting is missing or wrong. A GET or POST is sent once more when the network fails.
 */
export interface ApiClient {
  /** Any call. @param body a string is sent unchanged */
  send: (method: Method, path: string, body?: object | string) => Promise<ApiAnswer<unknown>>;
  get: <T>(path: string, query?: Query) => Promise<ApiAnswer<T>>;
  /** @param body a string is sent unchanged */
  post: <T>(path: string, body?: object | string) => Promise<ApiAnswer<T>>;
  patch: <T>(path: string, body: object) => Promise<ApiAnswer<T>>;
  delete: (path: string) => Promise<ApiAnswer<undefined>>;
}

export const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
type Method = (typeof methods)[number];

interface ApiRequest {
  method: string;
  path: string;
  query?: Query;
  body?: object | string;
  idempotencyKey?: string;
}

/** Longer than the API waits for a tracker or a receiver. */
const timeoutMs = 130_000;
const pollIntervalMs = 500;
/** How often to ask again while the first try of a POST is still in progress. */
const maxPolls = 60;

/** A path whose values are encoded: at`/webhooks/${id}`. */
export const at = (texts: TemplateStringsArray, ...values: string[]) =>
  String.raw({ raw: texts }, ...values.map((value) => encodeURIComponent(value)));

/** @param idempotencyKey sent with every POST; by default each POST gets a new one */
export function createApiClient(settings: Settings, idempotencyKey?: string): ApiClient {
  const call = <T>(request: ApiRequest) => callApi<T>(settings, request);
  const keyOf = (method: string) => (method === 'POST' ? (idempotencyKey ?? randomUUID()) : undefined);
  return {
    send: (method, path, body) => call({ method, path, body, idempotencyKey: keyOf(method) }),
    get: (path, query) => call({ method: 'GET', path, query }),
    post: (path, body) => call({ method: 'POST', path, body, idempotencyKey: keyOf('POST') }),
    patch: (path, body) => call({ method: 'PATCH', path, body }),
    delete: (path) => call({ method: 'DELETE', path }),
  };
}

/** A client whose paths are below the org: the one in the settings, else the org of the key. */
export function createOrgClient(settings: Settings, api: ApiClient): ApiClient {
  let orgId: string | undefined;
  const below = async (path: string) => {
    orgId ??= settings.org() ?? (await orgOfKey(api));
    return at`/orgs/${orgId}` + path;
  };
  return {
    send: async (method, path, body) => api.send(method, await below(path), body),
    get: async (path, query) => api.get(await below(path), query),
    post: async (path, body) => api.post(await below(path), body),
    patch: async (path, body) => api.patch(await below(path), body),
    delete: async (path) => api.delete(await below(path)),
  };
}

async function orgOfKey(api: ApiClient): Promise<string> {
  const { body } = await api.get<Whoami>('/whoami');
  if (body.org !== null) return body.org.id;
  throw new UsageError(
    'Missing: the org. This key is valid for every org: give --org or KT_ORG. `kt org list` lists them.',
  );
}

async function callApi<T>(settings: Settings, request: ApiRequest): Promise<ApiAnswer<T>> {
  const { response, text } = await sendWithRetry(settings, request);
  if (response.ok) {
    const body = text === '' ? undefined : parseJson(text);
    if (body !== undefined || text === '') return { body: body as T, text };
  }
  const problem = readProblem(response, text);
  if (problem !== null) throw new RefusedError(problem, text);
  throw new CommandError(
    `What answers at ${settings.apiUrl()} is not Drawbridge: status ${response.status} without JSON.`,
  );
}

interface Received {
  response: Response;
  text: string;
}

/** Never repeats a PATCH or DELETE: if the first try succeeded, the second would fail, and only the caller can tell. */
async function sendWithRetry(settings: Settings, request: ApiRequest): Promise<Received> {
  try {
    return await send(settings, request);
  } catch (error) {
    const isRepeatable = request.method === 'GET' || request.idempotencyKey !== undefined;
    if (!isRepeatable || errorCode(error) === 'ECONNREFUSED') throw unreachable(error, settings, request);
  }
  try {
    let received = await send(settings, request);
    for (let polls = 0; polls < maxPolls && isInProgress(received); polls++) {
      await sleep(pollIntervalMs);
      received = await send(settings, request);
    }
    return received;
  } catch (error) {
    throw unreachable(error, settings, request);
  }
}

const isInProgress = ({ response, text }: Received) =>
  response.status === 409 && readProblem(response, text)?.code === 'idempotency_in_progress';

async function send(settings: Settings, { method, path, query = {}, body, idempotencyKey }: ApiRequest) {
  const url = new URL(`${settings.apiUrl()}/api/v1${path}`);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
  const headers = new Headers({
    Accept: 'application/json',
    Authorization: `Bearer ${settings.key()}`,
    'User-Agent': 'kt',
  });
  if (body !== undefined) headers.set('Content-Type', 'application/json');
  if (idempotencyKey !== undefined) headers.set('Idempotency-Key', idempotencyKey);
  const response = await fetch(url, {
    method,
    headers,
    body: typeof body === 'object' ? JSON.stringify(body) : body,
    // The key must not reach another host.
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  });
  return { response, text: await response.text() };
}

/** Explains where kt tried to connect, why it failed and what to do. Leaves out the text of the error, which may quote headers. */
function unreachable(error: unknown, settings: Settings, { method, idempotencyKey }: ApiRequest): Error {
  if (error instanceof UsageError) return error;
  const apiUrl = settings.apiUrl();
  const code = errorCode(error);
  if (code === 'ECONNREFUSED') {
    return new CommandError(
      `Nothing listens at ${apiUrl}. Start Drawbridge with \`npm start\`, which prints its address, or give its address with --api-url or KT_API_URL.`,
    );
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new CommandError(`The host name in ${apiUrl} was not found (${code}). Check --api-url or KT_API_URL.`);
  }
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'EPROTO') {
    return new CommandError(
      `${apiUrl} does not speak TLS. Use http:// in --api-url or KT_API_URL, or the address of the TLS proxy.`,
    );
  }
  const isTimeout = error instanceof Error && error.name === 'TimeoutError';
  const reason = isTimeout ? `no response within ${timeoutMs / 1000} s` : (code ?? 'the connection broke');
  return new CommandError(`${apiUrl} did not answer (${reason}). ${repeatAdvice(method, idempotencyKey)}`);
}

function repeatAdvice(method: string, idempotencyKey: string | undefined): string {
  if (method === 'GET') return 'Try again.';
  if (idempotencyKey === undefined) return 'The call may have succeeded: look before you repeat it.';
  return `The call may have succeeded; add --idempotency-key ${idempotencyKey} to repeat it safely.`;
}
