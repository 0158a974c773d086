import type { DueDelivery } from './types.js';

const maxAtOnce = 50;
const parkedMs = 5_000;

export interface HeadOptions {
  epoch: number;
  nowMs: number;
  isHeld: (id: string) => boolean;
}

/**
 * Of the unsettled deliveries of an ordered endpoint, the ones that may be sent now, one after the other.
 * @param docs all of them, the oldest first
 * @returns how long the delivery that blocks the rest will probably block it, in milliseconds; 0 when none does
 */
export function headOf(
  docs: readonly DueDelivery[],
  { epoch, nowMs, isHeld }: HeadOptions,
): { head: DueDelivery[]; waitMs: number } {
  const head: DueDelivery[] = [];
  for (const doc of docs) {
    if (head.length >= maxAtOnce) break;
    const waitMs = isHeld(doc._id) ? 200 : waitOf(doc, epoch, nowMs);
    if (waitMs > 0) return { head, waitMs };
    head.push(doc);
  }
  return { head, waitMs: 0 };
}

function waitOf({ status, epoch: held, next_attempt_at }: DueDelivery, epoch: number, nowMs: number): number {
  const dueMs = (next_attempt_at?.getTime() ?? nowMs + parkedMs) - nowMs;
  if (status === 'parked') return parkedMs;
  if (held !== null && held > epoch) return Math.max(dueMs, parkedMs);
  // A delivery that was never attempted is deferred only because another one blocked it.
  return held === null && status === 'pending' ? 0 : Math.max(dueMs, 0);
}
