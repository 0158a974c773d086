import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { CannotError, codeOf, RefusedError } from './errors.js';
import { problemOf } from './read-problem.js';
import type { Settings } from './settings.js';
import { unreachable } from './unreachable.js';

export interface ApiAnswer<T> {
  body: T;
  /** The body as it came; empty with a 204. */
  text: string;
}

export type Query = Readonly<Record<string, string | number | undefined>>;

/**
 * Calls below `/api/v1`. Each throws RefusedError for a refusal, CannotError when there is no API there, and UsageError
 * without a key. What is asked (GET), and a POST, are tried once more when the network failed.
 */
export interface ApiClient {
  get: <T>(path: string, query?: Query) => Promise<ApiAnswer<T>>;
  /** @param body a string goes out as it is */
  post: <T>(path: string, body?: object | string) => Promise<ApiAnswer<T>>;
  patch: <T>(path: string, body: object) => Promise<ApiAnswer<T>>;
  delete: (path: string) => Promise<ApiAnswer<undefined>>;
}

interface Request {
  method: string;
  path: string;
  query?: Query;
  body?: object | string;
  idempotencyKey?: string;
}

/** Above the longest that an API waits for a tracker or a receiver by configuration. */
const timeoutMs = 130_000;
const waitMs = 500;
/** How long the first try of a POST, whose answer was lost, may still be running. */
const mostWaits = 60;

/** @param idempotencyKey of POSTs, else one is made up for each */
export function createApiClient(settings: Settings, idempotencyKey?: string): ApiClient {
  const call = <T>(request: Request) => callApi<T>(settings, request);
  return {
    get: (path, query) => call({ method: 'GET', path, query }),
    post: (path, body) => call({ method: 'POST', path, body, idempotencyKey: idempotencyKey ?? randomUUID() }),
    patch: (path, body) => call({ method: 'PATCH', path, body }),
    delete: (path) => call({ method: 'DELETE', path }),
  };
}

async function callApi<T>(settings: Settings, request: Request): Promise<ApiAnswer<T>> {
  const { response, text } = await sendAgainIfLost(settings, request);
  if (response.ok) {
    const body = text === '' ? undefined : parsed(text);
    if (body !== undefined || text === '') return { body: body as T, text };
  }
  const problem = problemOf(response, text);
  if (problem !== null) throw new RefusedError(problem, text);
  throw new CannotError(`What answers at ${settings.apiUrl()} is not Drawbridge: ${response.status} without JSON.`);
}

interface Received {
  response: Response;
  text: string;
}

/** A PATCH or DELETE that arrived would not find what it found before: only the caller can tell. */
async function sendAgainIfLost(settings: Settings, request: Request): Promise<Received> {
  try {
    return await send(settings, request);
  } catch (error) {
    const isSafe = request.method === 'GET' || request.idempotencyKey !== undefined;
    if (!isSafe || codeOf(error) === 'ECONNREFUSED') throw unreachable(error, settings.apiUrl(), request);
  }
  try {
    let again = await send(settings, request);
    for (let waits = 0; waits < mostWaits && isStillRunning(again); waits++) {
      await sleep(waitMs);
      again = await send(settings, request);
    }
    return again;
  } catch (error) {
    throw unreachable(error, settings.apiUrl(), request);
  }
}

const isStillRunning = ({ response, text }: Received) =>
  response.status === 409 && problemOf(response, text)?.code === 'idempotency_in_progress';

async function send(settings: Settings, { method, path, query = {}, body, idempotencyKey }: Request) {
  const url = new URL(`${settings.apiUrl()}/api/v1${path}`);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
  const response = await fetch(url, {
    method,
    headers: {
      Accept: 'application/json',
      Authorization: `Bearer ${settings.key()}`,
      'User-Agent': 'kt',
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...(idempotencyKey !== undefined && { 'Idempotency-Key': idempotencyKey }),
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    // Elsewhere is not where the key is to go.
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  });
  return { response, text: await response.text() };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
