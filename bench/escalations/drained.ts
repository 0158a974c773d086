import { setTimeout as delay } from 'node:timers/promises';
import mongoose from 'mongoose';

/** Watches a product's database for what its workflows have not done yet; no call of the API says that. */
export interface Drains {
  /**
   * Waits until nothing is due any more: each escalation's workflow has run and rests.
   * @returns `performance.now()` of the first look that found nothing
   * @throws Error when nothing has moved for two minutes
   */
  untilDone: () => Promise<number>;
  close: () => Promise<void>;
}

const pollEveryMs = 50;
const stuckAfterMs = 120_000;
/** The `ring_after` of an escalation that only waits for an SLA time is further away than this. */
const restsFromMs = 60 * 60_000;

export async function watchDrains(mongoUri: string): Promise<Drains> {
  const client = await mongoose.mongo.MongoClient.connect(mongoUri);
  const escalations = client.db().collection('escalations');
  const undone = () => escalations.countDocuments({ ring_after: { $lt: new Date(Date.now() + restsFromMs) } });

  return {
    async untilDone() {
      let [least, movedAt] = [Infinity, performance.now()];
      for (;;) {
        const left = await undone();
        if (left === 0) return performance.now();
        if (left < least) [least, movedAt] = [left, performance.now()];
        if (performance.now() - movedAt > stuckAfterMs) throw new Error(`${left} escalations are not drained.`);
        // Counting costs the server what it has to count.
        await delay(pollEveryMs + left / 5);
      }
    },
    close: () => client.close(),
  };
}
