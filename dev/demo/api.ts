import type { Screen } from './screen.js';

export interface Call {
  method: 'GET' | 'POST';
  /** Below `/api/v1`. */
  path: string;
  /** Text goes out as it is, for signatures. */
  body?: object | string;
  headers?: Record<string, string>;
  /** What it is to be answered with. */
  expect: readonly number[];
}

/** The answer's status and its JSON. */
export interface Answer<T> {
  status: number;
  body: T;
}

/** `T` is what API.md promises of the answer. */
export type Api = <T>(call: Call) => Promise<Answer<T>>;

/**
 * Calls the API, and shows each call.
 * @param url without a path
 * @param key none for signed webhooks
 */
export const createApi =
  (url: string, key: string | undefined, screen: Screen): Api =>
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- it stands for a cast at each call
  async <T>({ method, path, body, headers = {}, expect }: Call) => {
    const startedAt = performance.now();
    const sent = typeof body === 'object' ? JSON.stringify(body) : body;
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }),
        ...(sent === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(sent === undefined ? {} : { body: sent }),
      signal: AbortSignal.timeout(70_000),
    });
    const text = await response.text();
    screen.call(method, `/api/v1${path}`, response.status, performance.now() - startedAt);
    if (!expect.includes(response.status))
      throw new Error(`That was to be ${expect.join(' or ')}. The answer: ${text}`);
    return { status: response.status, body: JSON.parse(text) as T };
  };
