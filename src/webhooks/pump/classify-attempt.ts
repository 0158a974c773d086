import type { Attempt } from './attempt.js';
import { retryDelayMs } from './schedule.js';
import type { DueDelivery, Outcome } from './types.js';

/** Classifies an attempt: the outcome that it has for its delivery. */
export function classifyAttempt(
  delivery: DueDelivery,
  attempt: Attempt,
  { delaysMs, random }: { delaysMs: readonly number[]; random: number },
): Outcome {
  if (attempt.succeeded) return { kind: 'succeeded', delivery, attempt };
  if (attempt.wasStopped) return { kind: 'interrupted', delivery, attempt };
  if (attempt.isGone) return { kind: 'failed', delivery, attempt };
  const delayMs = retryDelayMs(delaysMs, delivery.failures + 1, { retryAfterMs: attempt.retryAfterMs, random });
  return delayMs === null ? { kind: 'failed', delivery, attempt } : { kind: 'retry', delivery, attempt, delayMs };
}
