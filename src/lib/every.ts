/**
 * One look at what is due.
 * @param signal aborts when the process wants to stop: what is under way is finished, nothing more is begun
 * @returns how long to wait before the next, in milliseconds; nothing: as usual
 */
export type Round = (signal: AbortSignal) => Promise<number | undefined>;

export interface Repeated {
  everyMs: number;
  round: Round;
  /** Hears of the first failure in a row; the next rounds try again. */
  onFailure: (error: unknown) => void;
}

export type StopRounds = () => Promise<void>;

/** A server that is down is not asked at the usual rate. */
const afterFailureMs = 1_000;

/** Calls a round again and again, one at a time. @returns a function that stops it, after the round that is under way */
export function every({ everyMs, round, onFailure }: Repeated): StopRounds {
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
