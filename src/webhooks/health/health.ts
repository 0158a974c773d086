import type { Model } from 'mongoose';
import type { Timings } from '../../config/index.js';
import { insertMissing } from '../../db/insert-missing.js';
import { trusted } from '../../db/schema-options.js';
import { startLoop } from '../../lib/loop.js';
import type { Logger } from '../../observability/logger.js';
import type { AttemptDoc, DeliveryDoc } from '../deliveries/model.js';
import type { PumpHealth } from '../pump/types.js';
import { createBreaker } from './breaker.js';
import type { HealthDoc } from './model.js';
import { createParked } from './parked.js';
import { merged, tallyOf, type Tally } from './tally.js';
import { newHealth, writesOf } from './writes.js';

export interface HealthDeps {
  health: Model<HealthDoc>;
  deliveries: Model<DeliveryDoc>;
  attempts: Model<AttemptDoc>;
  logger: Logger;
  timings: Pick<Timings, 'health'>;
}

export interface Health extends PumpHealth {
  /** Writes what is left, and stops. */
  close: () => Promise<void>;
}

/** The health of the endpoints that this process sends to: counted in memory, written every `health.everyMs`. Begins at once. */
export function createHealth({ health, deliveries, attempts, logger, timings }: HealthDeps): Health {
  const { calmMs, everyMs } = timings.health;
  const breaker = createBreaker({ health, parked: createParked({ deliveries, attempts }), timings: timings.health });
  const waiting = new Map<string, Tally>();
  /** Of those whose document is known to be there, when it was last written that they answer; 0 when they do not. */
  const wellAt = new Map<string, number>();
  const suspects = new Set<string>();
  let open: ReadonlySet<string> = new Set();

  /** Nothing new: it answered when it was last written down, and still does. */
  function isCalm(id: string, { failures }: Tally, nowMs: number): boolean {
    return failures === 0 && !open.has(id) && nowMs - (wellAt.get(id) ?? 0) < calmMs;
  }

  async function makeMissing(unseen: readonly [string, Tally][], at: Date): Promise<void> {
    const ids = trusted({ $in: unseen.map(([id]) => id) });
    const found = await health.find({ _id: ids }, { _id: 1 }).lean<{ _id: string }[]>().exec();
    const there = new Set(found.map(({ _id }) => _id));
    const missing = unseen.filter(([id]) => !there.has(id));
    await insertMissing(
      health,
      missing.map(([id, { orgId }]) => newHealth(id, orgId, at)),
    );
  }

  async function write(batch: readonly [string, Tally][]): Promise<void> {
    const at = new Date();
    await makeMissing(
      batch.filter(([id]) => !wellAt.has(id)),
      at,
    );
    await health.bulkWrite(writesOf(batch, at));
    for (const [id, { failures }] of batch) {
      wellAt.set(id, failures === 0 ? at.getTime() : 0);
      if (failures > 0) suspects.add(id);
    }
  }

  async function flush(isLast = false): Promise<void> {
    const nowMs = Date.now();
    const batch = [...waiting].filter(([id, tally]) => isLast || !isCalm(id, tally, nowMs));
    for (const [id] of batch) waiting.delete(id);
    try {
      if (batch.length > 0) await write(batch);
    } catch (error) {
      // Some may be written: that a failure counts twice is better than not at all.
      for (const [id, tally] of batch) waiting.set(id, mergedWith(tally, waiting.get(id)));
      throw error;
    }
    const evaluated = [...suspects];
    const opened = await breaker.evaluate(evaluated);
    for (const id of evaluated) suspects.delete(id);
    if (opened.length > 0) logger.warn({ endpoints: opened }, 'breakers have opened: what was never tried is parked');
  }

  async function evaluateSuspects(): Promise<undefined> {
    try {
      await flush();
    } finally {
      open = new Set(await breaker.allOpen());
    }
  }

  const onFailure = (err: unknown) =>
    logger.warn({ err }, 'the health of endpoints could not be written or read; it goes on trying');
  const first = evaluateSuspects().catch(onFailure);
  const stop = startLoop({ everyMs, round: () => first.then(evaluateSuspects), onFailure });

  return {
    record(outcomes) {
      for (const outcome of outcomes) {
        waiting.set(outcome.endpointId, merged(waiting.get(outcome.endpointId), tallyOf(outcome)));
      }
    },
    isOpen: (endpointId) => open.has(endpointId),
    async close() {
      await stop();
      await first;
      await flush(true).catch(onFailure);
    },
  };
}

const mergedWith = (earlier: Tally, later: Tally | undefined): Tally => (later ? merged(earlier, later) : earlier);
