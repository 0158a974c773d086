import type { Parts } from './parts.js';

/** Enough jobs to keep all slots busy during the next read. */
const maxWaiting = 1_000;
const maxHeld = 20_000;
const maxUnstored = 5_000;
/** From this many deliveries per poll on, the pump counts as busy. */
const busyCount = 64;
/**
 * Polling twice as often finds fewer deliveries per poll and costs as much: with twenty concurrent calls the slowest
 * events came a third later.
 */
const sleepMs = { busy: 0, few: 4, justActive: 20, idle: 100 };
/** Senders that await each answer before they send the next pause for some dozens of milliseconds. */
const inFlowMs = 150;
/** Longer than people, and most programs, pause between two calls. */
const justActiveMs = 30_000;

type PollParts = Pick<
  Parts,
  'claims' | 'queues' | 'outcomes' | 'registry' | 'orphans' | 'reader' | 'claimer' | 'cutOff'
>;

/**
 * Polls once for due deliveries.
 * @returns a function that polls, and returns how long to sleep afterwards
 */
export function createPollOnce(parts: PollParts, holdsLease: () => boolean): () => Promise<number> {
  const { claims, queues, outcomes, registry, orphans, reader, claimer } = parts;
  let isFirst = true;
  let activeAt = 0;

  return async () => {
    if (isFirst) await claims.reclaim();
    isFirst = false;
    if (!holdsLease()) {
      // Another pump may be sending these deliveries by now.
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
