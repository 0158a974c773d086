const jitter = 0.2;
/** Few enough that retries of one batch share their times, so that one update writes many of them. */
const jitterSteps = 16;
const maxAskedMs = 24 * 60 * 60 * 1000;

/**
 * When a delivery is tried again: after the delay of the schedule, 20 % more or less, and not before the receiver asked for.
 * @param failures tries in vain since it began or was sent again, this one included
 * @param retryAfterMs what the receiver asked for; it is granted up to 24 hours
 * @param random 0 to 1
 * @returns milliseconds; null when the schedule has come to its end: N delays are N + 1 tries
 */
export function retryDelayMs(
  delaysMs: readonly number[],
  failures: number,
  { retryAfterMs, random }: { retryAfterMs: number | null; random: number },
): number | null {
  const delay = delaysMs[failures - 1];
  if (delay === undefined) return null;
  const step = Math.min(Math.floor(random * jitterSteps), jitterSteps - 1);
  const scheduled = delay * (1 - jitter + (2 * jitter * step) / (jitterSteps - 1));
  return Math.round(Math.max(scheduled, Math.min(retryAfterMs ?? 0, maxAskedMs)));
}
