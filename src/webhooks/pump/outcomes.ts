import type { Logger } from '../../observability/logger.js';
import { trusted } from '../../db/schema-options.js';
import { openStatuses } from './claims.js';
import { attemptDocOf, writesOf } from './outcome-writes.js';
import { recordAttempts, type RecordDeps } from './record-attempts.js';
import type { Outcome, PumpHealth } from './types.js';

export interface OutcomesDeps extends RecordDeps {
  health: Pick<PumpHealth, 'record'>;
  logger: Logger;
  /** Told what is stored, for good or because it is another pump's by now. */
  stored: (outcomes: readonly Outcome[]) => void;
}

export interface Outcomes {
  /** @param urgent somebody waits for it to be stored */
  add: (outcome: Outcome, urgent?: boolean) => void;
  /** How many are not stored yet. */
  size: () => number;
  /** Stores all that there are. @returns whether it got through by then */
  drain: (untilMs: number) => Promise<boolean>;
}

/** Nobody waits for it, but for ordered endpoints; each write costs as much as some dozens of outcomes in it. */
const gatherMs = 40;
const maxAtOnce = 1_000;
const retryMs = 500;

/** Writes what became of deliveries, many at a time. What cannot be written is kept, and tried again. */
export function createOutcomes(deps: OutcomesDeps): Outcomes {
  const { deliveries, epoch, health, logger, stored } = deps;
  let waiting: Outcome[] = [];
  let underWay = 0;
  let writing: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;

  function schedule(delayMs: number): void {
    if (writing || waiting.length === 0) return;
    if (delayMs > 0) {
      timer ??= setTimeout(() => flush(), delayMs);
      return;
    }
    // After the posts that end in this turn of the event loop.
    clearTimeout(timer);
    timer = setTimeout(() => flush(), 0);
  }

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (writing || waiting.length === 0) return;
    const batch = waiting.slice(0, maxAtOnce);
    waiting = waiting.slice(maxAtOnce);
    underWay = batch.length;
    writing = write(batch).then(
      () => {
        underWay = 0;
        writing = null;
        stored(batch);
        schedule(waiting.length >= maxAtOnce || waiting.some(isUrgent) ? 0 : gatherMs);
      },
      (err: unknown) => {
        underWay = 0;
        writing = null;
        waiting = [...batch, ...waiting];
        logger.warn({ err, count: waiting.length }, 'outcomes of deliveries could not be stored; trying again');
        schedule(retryMs);
      },
    );
  }

  async function write(batch: readonly Outcome[]): Promise<void> {
    const at = new Date();
    const docs = batch.map((outcome) => attemptDocOf(outcome, at)).filter((doc) => doc !== null);
    // On record before it counts: an attempt that is lost in between would never be seen.
    const renumbered = await recordAttempts(deps, docs);
    const mine = { epoch, status: trusted({ $in: [...openStatuses] }) };
    await Promise.all(
      writesOf(batch, at).map(({ ids, set, inc }) =>
        deliveries.updateMany(
          { _id: trusted({ $in: ids }), ...mine },
          { $set: set, ...(Object.keys(inc).length > 0 && { $inc: inc }) },
        ),
      ),
    );
    for (const [_id, number] of renumbered) await deliveries.updateOne({ _id }, { $max: { attempts: number } });
  }

  const urgentOnes = new WeakSet<Outcome>();
  const isUrgent = (outcome: Outcome) => urgentOnes.has(outcome);

  return {
    add(outcome, urgent = false) {
      waiting.push(outcome);
      if (urgent) urgentOnes.add(outcome);
      recordHealth(health, outcome);
      schedule(urgent || waiting.length >= maxAtOnce ? 0 : gatherMs);
    },
    size: () => waiting.length + underWay,
    async drain(untilMs) {
      while (waiting.length > 0 || writing) {
        if (Date.now() > untilMs) return false;
        flush();
        await Promise.race([writing, new Promise((resolve) => setTimeout(resolve, 50))]);
      }
      return true;
    },
  };
}

/** What we stopped ourselves says nothing about the endpoint, nor does what was not tried. */
function recordHealth(health: Pick<PumpHealth, 'record'>, outcome: Outcome): void {
  if (!('attempt' in outcome) || outcome.kind === 'interrupted') return;
  const { delivery, attempt } = outcome;
  health.record([{ endpointId: delivery.endpoint_id, orgId: delivery.org_id, ok: attempt.succeeded, at: attempt.at }]);
}
