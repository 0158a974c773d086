import type { Logger } from '../../observability/logger.js';
import { trusted } from '../../db/schema-options.js';
import { openStatuses } from './claims.js';
import { attemptDocOf, writesOf } from './outcome-writes.js';
import { recordAttempts, type RecordDeps } from './record-attempts.js';
import type { Outcome, PumpHealth } from './types.js';

export interface OutcomesDeps extends RecordDeps {
  health: Pick<PumpHealth, 'record'>;
  logger: Logger;
  /** Called with stored outcomes, including those that no longer count because another pump has the delivery. */
  stored: (outcomes: readonly Outcome[]) => void;
}

export interface Outcomes {
  /** @param urgent somebody waits until it is stored */
  add: (outcome: Outcome, urgent?: boolean) => void;
  /** How many outcomes are not stored yet. */
  size: () => number;
  /** Stores all outcomes. @returns whether that succeeded in time */
  drain: (untilMs: number) => Promise<boolean>;
}

/** Only ordered endpoints wait for outcomes, and a write costs as much as some dozens of outcomes in it. */
const gatherMs = 40;
const maxAtOnce = 1_000;
const retryMs = 500;

/** Writes outcomes in batches. Outcomes that cannot be written are kept, and retried. */
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
    // Runs after the posts that end in this tick of the event loop.
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
    // The attempt is recorded before the outcome counts; a crash in between would otherwise lose the attempt.
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

/** Interrupted and unsent deliveries say nothing about the endpoint's health. */
function recordHealth(health: Pick<PumpHealth, 'record'>, outcome: Outcome): void {
  if (!('attempt' in outcome) || outcome.kind === 'interrupted') return;
  const { delivery, attempt } = outcome;
  health.record([{ endpointId: delivery.endpoint_id, orgId: delivery.org_id, ok: attempt.succeeded, at: attempt.at }]);
}
