import type { Model } from 'mongoose';
import { trusted } from '../../db/schema-options.js';
import type { ReadSubject } from '../../http/audit.js';
import { startLoop, type StopLoop } from '../../lib/loop.js';
import type { Logger } from '../../observability/logger.js';
import type { Timings } from '../../config/index.js';
import type { Chain } from './chain.js';
import type { AuditEntryDoc, AuditIntentDoc } from './model.js';
import { draftsOf, readShown, type Intent } from './trail.js';

interface Dependencies {
  intents: Model<AuditIntentDoc>;
  entries: Model<AuditEntryDoc>;
  chain: Chain;
  readSubject: ReadSubject;
  logger: Logger;
  timings: Pick<Timings, 'audit'>;
}

const batchSize = 100;

/**
 * Makes the entries of calls whose process ended before it could, with what their subjects show now, and gives entries of
 * older versions their place in the chain. Runs in every API process; two at once do no harm.
 */
export function startAuditRecovery({ intents, entries, chain, readSubject, logger, timings }: Dependencies): StopLoop {
  const { recoverEveryMs, interruptedAfterMs } = timings.audit;
  let areOldAdopted = false;

  async function recover({ _id, at, intent: json }: AuditIntentDoc): Promise<void> {
    if (!(await entries.exists({ _id }))) {
      const intent = JSON.parse(json) as Intent;
      const after = await readShown(readSubject, intent, undefined);
      for (const draft of draftsOf({ id: _id, at, intent, after, outcome: 'interrupted', notes: [] })) {
        await chain.append(draft);
      }
      logger.warn({ audit_id: _id, action: intent.action }, 'the audit entry of an interrupted call was completed');
    }
    await intents.deleteOne({ _id }).exec();
  }

  async function adoptOld(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const old = await entries
        .find({ seq: trusted({ $exists: false }) })
        .sort({ _id: 1 })
        .limit(batchSize)
        .lean()
        .exec();
      for (const entry of old) await chain.adopt(entry);
      if (old.length < batchSize) break;
    }
    areOldAdopted = true;
  }

  return startLoop({
    everyMs: recoverEveryMs,
    round: async (signal) => {
      const before = new Date(Date.now() - interruptedAfterMs);
      const left = await intents
        .find({ at: trusted({ $lt: before }) })
        .sort({ at: 1 })
        .limit(batchSize)
        .lean()
        .exec();
      for (const intent of left) if (!signal.aborted) await recover(intent);
      if (!areOldAdopted) await adoptOld(signal);
      return undefined;
    },
    onFailure: (err) => logger.warn({ err }, 'audit entries of interrupted calls could not be completed'),
  });
}
