import type { Parts } from './parts.js';

/** Enough to keep all slots busy while the next are read. */
const maxWaiting = 1_000;
const maxHeld = 20_000;
const maxUnstored = 5_000;
/** So many at once, and it is busy. */
const busyCount = 64;
/** At twice as many looks, each finds fewer and costs as much: with twenty calls at once the slowest events came a third later. */
const sleepMs = { busy: 0, few: 4, justActive: 20, idle: 100 };
/** Senders that wait for an answer before they send the next bring some dozens of milliseconds between two of them. */
const inFlowMs = 150;
/** Longer than people, and most programs, pause between two of them. */
const justActiveMs = 30_000;

type PollParts = Pick<
  Parts,
  'claims' | 'queues' | 'outcomes' | 'registry' | 'orphans' | 'reader' | 'claimer' | 'cutOff'
>;

/**
 * One look after the other at what is due.
 * @returns takes the next one, and says how long to sleep after it
 */
export function createPollOnce(parts: PollParts, holdsLease: () => boolean): () => Promise<number> {
  const { claims, queues, outcomes, registry, orphans, reader, claimer } = parts;
  let isFirst = true;
  let activeAt = 0;

  return async () => {
    if (isFirst) await claims.reclaim();
    isFirst = false;
    if (!holdsLease()) {
      // Somebody else may be sending these by now.
      parts.cutOff();
      return sleepMs.idle;
    }
    const isFull = queues.waiting() >= maxWaiting || registry.size() >= maxHeld || outcomes.size() >= maxUnstored;
    if (isFull) return sleepMs.few;
    const count = await claimer.claimDue();
    if (count > 0) activeAt = Date.now();
    if (count >= busyCount || (count === 0 && reader.isBehind())) return sleepMs.busy;
    if (count > 0 || orphans.areExpected()) return sleepMs.few;
    const quietMs = Date.now() - activeAt;
    if (quietMs < inFlowMs) return sleepMs.few;
    return quietMs < justActiveMs ? sleepMs.justActive : sleepMs.idle;
  };
}
