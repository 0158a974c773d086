export interface TokenBucket {
  readonly ratePerSecond: number;
  /** How long until one may go; 0 when it may now. @param nowMs never less than before */
  waitMs: (nowMs: number) => number;
  /** Counts one that goes. */
  take: (nowMs: number) => void;
}

/** What timers are late by is caught up with at once, and no more than that. */
const burstSeconds = 0.02;

/** Lets so many go in a second, spread over it: it begins with one, and what was not used is soon lost. */
export function createTokenBucket(ratePerSecond: number): TokenBucket {
  const max = Math.max(1, ratePerSecond * burstSeconds);
  let tokens = 1;
  let filledAt = -Infinity;

  function fill(nowMs: number): void {
    if (filledAt !== -Infinity) tokens = Math.min(max, tokens + ((nowMs - filledAt) * ratePerSecond) / 1_000);
    filledAt = nowMs;
  }

  return {
    ratePerSecond,
    waitMs(nowMs) {
      fill(nowMs);
      // A hair below one is one: fractions do not add up exactly.
      return tokens > 1 - 1e-9 ? 0 : Math.max(1, Math.ceil(((1 - tokens) * 1_000) / ratePerSecond));
    },
    take(nowMs) {
      fill(nowMs);
      tokens -= 1;
    },
  };
}
