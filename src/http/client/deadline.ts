import { setMaxListeners } from 'node:events';
import { callAborted, GuardedRequestError } from './errors.js';

/**
 * Runs something until it ends, the time is up or it is no longer wanted, whichever is first. Look-ups of names, and requests
 * that wait for a connection, do not stop by themselves: the caller is answered in time all the same.
 * @param run is handed the signal that tells it to let go of what it holds
 * @throws GuardedRequestError `timeout` or `aborted`, or what `run` throws
 */
export async function withDeadline<T>(
  { timeoutMs, wanted }: { timeoutMs: number; wanted?: AbortSignal | undefined },
  run: (stop: AbortSignal) => Promise<T>,
): Promise<T> {
  if (wanted?.aborted) throw callAborted();
  const stop = new AbortController();
  let give = (): void => undefined;
  let timer: NodeJS.Timeout | undefined;
  const ended = new Promise<never>((_, reject) => {
    const end = (error: GuardedRequestError) => {
      reject(error);
      stop.abort(error);
    };
    give = () => end(callAborted());
    timer = setTimeout(() => end(late(timeoutMs)), timeoutMs);
    if (!wanted) return;
    // Not AbortSignal.any: a signal that lives as long as the process would gather one dependent per call. Many calls at once
    // listen to one signal and leave it again, so Node's warning of a leak at eleven would be a false alarm.
    setMaxListeners(0, wanted);
    wanted.addEventListener('abort', give, { once: true });
  });
  try {
    return await Promise.race([run(stop.signal), ended]);
  } finally {
    clearTimeout(timer);
    wanted?.removeEventListener('abort', give);
  }
}

/** @param timeoutMs the deadline that has passed */
export const late = (timeoutMs: number) =>
  new GuardedRequestError('timeout', `There was no whole answer within ${timeoutMs / 1000} s.`);
