import { setTimeout as sleep } from 'node:timers/promises';
import { drain } from './drain.js';
import { createParts, type Parts } from './parts.js';
import type { Pump, PumpDeps, Term } from './pump.js';
import { startMaintenance } from './maintenance.js';
import { createPollOnce } from './poll-loop.js';

const failedMs = 500;

export const createPump = (deps: PumpDeps): Pump => ({ run: (term) => runTerm(deps, term) });

/** One term of a pump: everything in memory is made for it and goes with it. */
async function runTerm(deps: PumpDeps, term: Term): Promise<void> {
  const { logger, postMs } = deps;
  const { heartbeatEveryMs, stuckAfterMs, drainMs } = deps.timings.pump;
  const { holdsLease, signal, over, onBeat } = term;
  const parts = createParts(deps, term);
  const pollOnce = createPollOnce(parts, holdsLease);
  const mayGo = createEnding(parts, { over, postMs });
  let polledAt = Date.now();

  const beats = setInterval(() => {
    // A turn that hangs is to be noticed: no beat covers for it.
    if (Date.now() - polledAt < stuckAfterMs) onBeat(parts.beat());
  }, heartbeatEveryMs);
  const stopMaintenance = startMaintenance(parts, logger);
  try {
    while (!signal.aborted && !mayGo()) {
      polledAt = Date.now();
      const restMs = await pollOnce().catch((err: unknown) => {
        logger.warn({ err }, 'the pump could not read or claim deliveries; trying again');
        return failedMs;
      });
      await sleep(restMs, undefined, { signal }).catch(() => undefined);
    }
    polledAt = Date.now();
    await drain(parts, holdsLease, drainMs);
  } finally {
    clearInterval(beats);
    stopMaintenance();
  }
}

/**
 * Past its time a term goes on until nothing is in flight that a drain might have to cut off: its receiver would get it
 * again. Quick endpoints are served meanwhile. By twice the deadline of a post only those can be left that have become
 * slow since.
 * @returns whether the term may end now
 */
function createEnding(
  { queues }: Pick<Parts, 'queues'>,
  { over, postMs }: { over: AbortSignal | undefined; postMs: number },
): () => boolean {
  let latestAt: number | null = null;
  return () => {
    if (over?.aborted !== true) return false;
    if (latestAt === null) queues.windDown();
    latestAt ??= Date.now() + 2 * postMs;
    return queues.areQuick() || Date.now() >= latestAt;
  };
}
