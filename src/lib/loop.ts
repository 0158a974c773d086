/**
 * One round of a loop.
 * @param signal aborts when the process stops: work in progress is finished, and no more is begun
 * @returns milliseconds until the next round; undefined for the loop's usual interval
 */
export type Round = (signal: AbortSignal) => Promise<number | undefined>;

export interface Repeated {
  everyMs: number;
  round: Round;
  /** Called with the first of several failures in a row; the next rounds try again. */
  onFailure: (error: unknown) => void;
}

export type StopLoop = () => Promise<void>;

/** After a failure the next round waits at least this long, so that a server that is down is not flooded. */
const afterFailureMs = 1_000;

/** Calls a round repeatedly, one at a time. @returns a function that stops the loop, after the round in progress */
export function startLoop({ everyMs, round, onFailure }: Repeated): StopLoop {
  const stopping = new AbortController();
  let hasFailed = false;
  let running: Promise<void> = Promise.resolve();
  let timer = setTimeout(next, everyMs);

  async function once(): Promise<number> {
    try {
      const waitMs = (await round(stopping.signal)) ?? everyMs;
      hasFailed = false;
      return waitMs;
    } catch (error) {
      if (!hasFailed) onFailure(error);
      hasFailed = true;
      return Math.max(everyMs, afterFailureMs);
    }
  }

  function next(): void {
    running = once().then((waitMs) => {
      if (!stopping.signal.aborted) timer = setTimeout(next, waitMs);
    });
  }

  return async () => {
    stopping.abort();
    clearTimeout(timer);
    await running;
  };
}
