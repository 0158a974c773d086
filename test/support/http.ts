export interface ApiAnswer {
  status: number;
  /** The JSON document; a text, or an empty one, where the answer is no JSON. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what an answer holds is what the tests check
  body: any;
  headers: Headers;
}

export type ApiHeaders = Record<string, string>;

export interface Api {
  get: (path: string, headers?: ApiHeaders) => Promise<ApiAnswer>;
  /** Without a body none is sent; a string or Buffer goes out as it is, everything else as JSON. */
  post: (path: string, body?: unknown, headers?: ApiHeaders) => Promise<ApiAnswer>;
  put: (path: string, body?: unknown, headers?: ApiHeaders) => Promise<ApiAnswer>;
  patch: (path: string, body?: unknown, headers?: ApiHeaders) => Promise<ApiAnswer>;
  del: (path: string, headers?: ApiHeaders) => Promise<ApiAnswer>;
}

/** A client for one key, or for nobody. Paths are below `baseUrl`, such as `http://127.0.0.1:8080/api/v1`. */
export function api(baseUrl: string, key?: string): Api {
  const call = async (method: string, path: string, body?: unknown, headers: ApiHeaders = {}): Promise<ApiAnswer> => {
    const sent = body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const response = await fetch(baseUrl + path, {
      method,
      headers: {
        ...(key !== undefined && { Authorization: `Bearer ${key}` }),
        ...(sent !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(sent !== undefined && { body: sent as string }),
      redirect: 'manual',
    });
    return {
      status: response.status,
      headers: response.headers,
      body: parsed(await response.text()) as Record<string, unknown>,
    };
  };
  return {
    get: (path, headers) => call('GET', path, undefined, headers),
    post: (path, body, headers) => call('POST', path, body, headers),
    put: (path, body, headers) => call('PUT', path, body, headers),
    patch: (path, body, headers) => call('PATCH', path, body, headers),
    del: (path, headers) => call('DELETE', path, undefined, headers),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** The entries of a list's page. */
export const dataOf = (answer: ApiAnswer) => answer.body.data as Record<string, unknown>[];
