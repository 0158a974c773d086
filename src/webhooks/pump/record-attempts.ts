import type { Model } from 'mongoose';
import { insertMissing } from '../../db/insert-missing.js';
import { trusted } from '../../db/schema-options.js';
import type { AttemptDoc, DeliveryDoc } from '../deliveries/model.js';
import { attemptId } from './outcome-writes.js';

export interface RecordDeps {
  deliveries: Model<DeliveryDoc>;
  attempts: Model<AttemptDoc>;
  epoch: number;
}

/**
 * Puts attempts on record. A number can be taken: by this very attempt, when the answer to its insert was lost; or by one
 * that was made before a crash, and not counted: then ours gets the next one, if the delivery is still ours.
 * @returns of the deliveries whose attempt got another number, the number
 */
export async function recordAttempts(
  { deliveries, attempts, epoch }: RecordDeps,
  docs: readonly AttemptDoc[],
): Promise<Map<string, number>> {
  const renumbered = new Map<string, number>();
  let refused = await insertMissing(attempts, docs);
  while (refused.length > 0) {
    const ids = refused.map(({ delivery_id }) => delivery_id);
    const [there, ours] = await Promise.all([
      attempts
        .find({ delivery_id: trusted({ $in: ids }) })
        .lean<AttemptDoc[]>()
        .exec(),
      deliveries
        .find({ _id: trusted({ $in: ids }), epoch }, { _id: 1 })
        .lean<{ _id: string }[]>()
        .exec(),
    ]);
    const isOurs = new Set(ours.map(({ _id }) => _id));
    const again = refused
      .filter((doc) => isOurs.has(doc.delivery_id) && !there.some((other) => isSame(doc, other)))
      .map((doc) => {
        const taken = there.filter((other) => other.delivery_id === doc.delivery_id).map((other) => other.number);
        const number = Math.max(...taken, doc.number) + 1;
        return { ...doc, _id: attemptId(doc.delivery_id, number), number };
      });
    for (const { delivery_id, number } of again) renumbered.set(delivery_id, number);
    refused = await insertMissing(attempts, again);
  }
  return renumbered;
}

const isSame = (one: AttemptDoc, other: AttemptDoc): boolean =>
  one.delivery_id === other.delivery_id &&
  one.at.getTime() === other.at.getTime() &&
  one.duration_ms === other.duration_ms;
