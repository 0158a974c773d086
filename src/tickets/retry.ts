import type { Timings } from '../config/index.js';

/**
 * How long to wait after the nth failed try: by default 1, 2, 4 s… up to 5 min, and never less than the tracker asks for.
 * @param failedTries 1 after the first
 */
export function retryDelayMs(
  { firstMs, maxMs }: Timings['retries'],
  failedTries: number,
  retryAfterMs: number | null,
): number {
  const backoff = Math.min(maxMs, firstMs * 2 ** Math.min(failedTries - 1, 30));
  return Math.max(backoff, retryAfterMs ?? 0);
}
