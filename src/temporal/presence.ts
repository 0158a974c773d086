import { Schema, type Connection, type Model } from 'mongoose';
import type { Timings } from '../config/index.js';
import { schemaOptions, trusted } from '../db/schema-options.js';

/** A worker that polls, as it says of itself. Temporal still lists a killed one after a minute; this knows in seconds. */
export interface PresenceDoc {
  _id: string;
  queues: string[];
  seen_at: Date;
}

const forgetSeconds = 60;

const schema = new Schema<PresenceDoc>(
  {
    _id: { type: String, required: true },
    queues: { type: [String], required: true },
    seen_at: { type: Date, required: true },
  },
  { ...schemaOptions, collection: 'worker_presence' },
);
schema.index({ seen_at: 1 }, { expireAfterSeconds: forgetSeconds, name: 'forgotten' });

export const presenceModel = (connection: Connection): Model<PresenceDoc> =>
  connection.model<PresenceDoc>('WorkerPresence', schema);

/**
 * Says again and again that this worker polls, for as long as it does.
 * @returns a function that says good-bye
 */
export function announcePresence(
  presence: Model<PresenceDoc>,
  worker: { id: string; queues: string[]; isPolling: () => boolean },
  { everyMs }: Timings['presence'],
): () => Promise<void> {
  const beat = async () => {
    if (!worker.isPolling()) return;
    // A beat that fails is followed by another; while MongoDB is away nobody asks either.
    await presence
      .updateOne({ _id: worker.id }, { $set: { queues: worker.queues, seen_at: new Date() } }, { upsert: true })
      .catch(() => undefined);
  };
  void beat();
  const timer = setInterval(() => void beat(), everyMs);
  return async () => {
    clearInterval(timer);
    await presence.deleteOne({ _id: worker.id }).catch(() => undefined);
  };
}

/** How many workers poll this queue. */
export const countPresent = (
  presence: Model<PresenceDoc>,
  queue: string,
  { aliveMs }: Timings['presence'],
): Promise<number> => presence.countDocuments(polling(queue, aliveMs)).exec();

const polling = (queue: string, aliveMs: number) => ({
  queues: queue,
  seen_at: trusted({ $gt: new Date(Date.now() - aliveMs) }),
});

/**
 * Whether a worker polls this queue. No call pays for the answer: one that is older than `freshMs` is used once more
 * while the next is on its way; one that is older than `usableMs` is not. The answer that no worker polls is kept for
 * `absentMs` only, for one may have just started.
 */
export function createPresenceProbe(
  presence: Model<PresenceDoc>,
  queue: string,
  { aliveMs, freshMs, absentMs, usableMs }: Timings['presence'],
): () => Promise<boolean> {
  let known: { at: number; answer: boolean } | undefined;
  let asking: Promise<boolean> | undefined;

  function ask(): Promise<boolean> {
    asking ??= presence
      .exists(polling(queue, aliveMs))
      .then(
        (found) => found !== null,
        () => false,
      )
      .then((answer) => {
        known = { at: Date.now(), answer };
        return answer;
      })
      .finally(() => (asking = undefined));
    return asking;
  }

  return () => {
    const age = known ? Date.now() - known.at : Infinity;
    if (known && age <= (known.answer ? freshMs : absentMs)) return Promise.resolve(known.answer);
    const next = ask();
    // Only a positive answer is reused: after a negative one a caller wouldn't wait, although a worker may have just started.
    return age <= usableMs && known?.answer === true ? Promise.resolve(true) : next;
  };
}
