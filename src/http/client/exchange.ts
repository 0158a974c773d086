import { setMaxListeners } from 'node:events';
import type { Agent, Dispatcher } from 'undici';
import { late } from './deadline.js';
import { callAborted, GuardedRequestError, networkError } from './errors.js';

export interface Exchange {
  request: Pick<Dispatcher.DispatchOptions, 'origin' | 'path' | 'method' | 'headers' | 'body'>;
  /** From now until the last byte, waiting for a connection included. */
  timeoutMs: number;
  wanted?: AbortSignal | undefined;
  /** How many bytes of the body are wanted. */
  maxEncodedBytes: (headers: Headers) => number;
}

type Headers = Record<string, string | string[] | undefined>;

export interface Exchanged {
  status: number;
  headers: Headers;
  /** As it was sent. */
  body: Buffer;
  /** False when it was cut. */
  complete: boolean;
  /** Why a 2xx answer ended before its end, in our words; null for a proper one. */
  brokenBy: string | null;
}

/**
 * One request and its answer, by undici's own callbacks: its streams, and a signal for each call, cost nearly as much
 * again (40 beside 66 µs of CPU a small POST), and the pump makes thousands a second.
 *
 * Once a 2xx status has come, the receiver has taken the request, so a connection that breaks afterwards, or a body that is not
 * valid HTTP (a 204 with a Content-Length, say), doesn't undo that: sent again, the request would arrive twice.
 * @throws GuardedRequestError
 */
export function exchange(agent: Agent, { request, timeoutMs, wanted, maxEncodedBytes }: Exchange): Promise<Exchanged> {
  if (wanted?.aborted) return Promise.reject(callAborted());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let head: Pick<Exchanged, 'status' | 'headers'> | undefined;
    let left = 0;
    let controller: Dispatcher.DispatchController | undefined;
    let ended: Error | true | undefined;

    const timer = setTimeout(() => fail(late(timeoutMs)), timeoutMs);
    const give = () => fail(callAborted());
    if (wanted) {
      // Many calls at once listen to one signal and leave it again: Node's warning of a leak at eleven would be a false alarm.
      setMaxListeners(0, wanted);
      wanted.addEventListener('abort', give);
    }

    function end(how: Error | true): boolean {
      if (ended !== undefined) return false;
      ended = how;
      clearTimeout(timer);
      wanted?.removeEventListener('abort', give);
      return true;
    }
    function fail(error: Error): void {
      const { code, message, reason } = networkError(error);
      if (head && head.status < 300 && code === 'network') {
        finish(false, message);
        controller?.abort(error);
        return;
      }
      if (!end(error)) return;
      reject(new GuardedRequestError(code, message, { reason, status: head?.status ?? null }));
      controller?.abort(error);
    }
    function finish(complete: boolean, brokenBy: string | null = null): void {
      if (head && end(true)) resolve({ ...head, body: Buffer.concat(chunks), complete, brokenBy });
    }

    agent.dispatch(request, {
      onRequestStart(started) {
        controller = started;
        // It stood in line for a connection, and nobody waits any more.
        if (ended instanceof Error) started.abort(ended);
      },
      onResponseStart(_controller, status, headers) {
        // 100 Continue and its like announce an answer.
        if (status < 200) return;
        head = { status, headers };
        left = maxEncodedBytes(headers);
      },
      onResponseData(current, chunk) {
        chunks.push(chunk.length > left ? chunk.subarray(0, left) : chunk);
        if (chunk.length > left) {
          finish(false);
          // What is beyond is never read.
          current.abort(callAborted());
        }
        left -= chunk.length;
      },
      onResponseEnd: () => finish(true),
      onResponseError: (_controller, error) => fail(error),
    });
  });
}
