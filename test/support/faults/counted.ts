import { api, type Api, type ApiAnswer } from '../http.js';
import { adminKey, type ApiAccess } from '../product.js';

/** A call as its caller saw it; times in ms since 1970. */
export interface Call {
  what: string;
  at: number;
  endedAt: number;
  /** `none`: there was no answer. */
  status: number | 'none';
  /** Of a refusal. */
  body?: unknown;
}

/** Whoever calls this address, and what came of each call. Nobody tries again here. */
export interface Counted {
  /** As the tests' callers want one; it is no process of theirs to stop. */
  readonly api: ApiAccess;
  readonly calls: readonly Call[];
  /** Those that got no 2xx. */
  failed(): Call[];
}

export function countCalls(url: string): Counted {
  const calls: Call[] = [];
  const plain = api(`${url}/api/v1`, adminKey);
  const counted =
    (method: keyof Api) =>
    async (...args: unknown[]): Promise<ApiAnswer> => {
      const at = Date.now();
      const notified = { what: `${method} ${String(args[0])}`, at };
      try {
        const answer = await (plain[method] as (...all: unknown[]) => Promise<ApiAnswer>)(...args);
        const { status, body } = answer;
        calls.push({ ...notified, endedAt: Date.now(), status, ...(isFine(status) ? {} : { body }) });
        return answer;
      } catch (error) {
        calls.push({ ...notified, endedAt: Date.now(), status: 'none', body: String(error) });
        throw error;
      }
    };
  const admin: Api = {
    ...{ get: counted('get'), post: counted('post'), put: counted('put') },
    ...{ patch: counted('patch'), del: counted('del') },
  };
  return {
    api: { url, admin },
    calls,
    failed: () => calls.filter(({ status }) => status === 'none' || !isFine(status)),
  };
}

const isFine = (status: number) => status >= 200 && status < 300;
