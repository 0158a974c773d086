const firstDelayMs = 1_000;
const longestDelayMs = 5 * 60_000;

/**
 * How long to wait after the nth failed try: 1, 2, 4 s… up to 5 min, and never less than the tracker asks for.
 * @param failedTries 1 after the first
 */
export function retryDelayMs(failedTries: number, retryAfterMs: number | null): number {
  const backoff = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(failedTries - 1, 30));
  return Math.max(backoff, retryAfterMs ?? 0);
}
