import type { Model } from 'mongoose';
import { insertMissing } from '../../db/insert-missing.js';
import { trusted } from '../../db/schema-options.js';
import type { Attempt } from '../pump/attempt.js';
import { attemptId } from '../pump/outcome-writes.js';
import type { AttemptDoc, DeliveryDoc } from './model.js';

/** Of the endpoint's, settled from the beginning: no pump, and nothing that looks for what is due, ever meets it. */
export type NewTest = Pick<
  DeliveryDoc,
  '_id' | 'org_id' | 'endpoint_id' | 'event_id' | 'event_type' | 'partition' | 'created_at'
>;

/** Puts an attempt at a test on record, and the test itself when it is not. @returns the delivery as it is now */
export type RecordTest = (test: NewTest, attempt: Attempt, trigger: 'test' | 'manual') => Promise<DeliveryDoc>;

export function createRecordTest({
  deliveries,
  attempts,
}: {
  deliveries: Model<DeliveryDoc>;
  attempts: Model<AttemptDoc>;
}): RecordTest {
  /** @returns its number: the first that is free */
  async function insertAttempt(id: string, attempt: Attempt, trigger: AttemptDoc['trigger']): Promise<number> {
    for (let number = 1 + (await attempts.countDocuments({ delivery_id: id })); ; number++) {
      const doc: AttemptDoc = {
        _id: attemptId(id, number),
        delivery_id: id,
        number,
        at: attempt.at,
        trigger,
        response_code: attempt.responseCode,
        duration_ms: attempt.durationMs,
        error: attempt.error,
        response_body: attempt.responseBody,
      };
      const refused = await insertMissing(attempts, [doc]);
      if (refused.length === 0) return number;
    }
  }

  return async (test, attempt, trigger) => {
    const number = await insertAttempt(test._id, attempt, trigger);
    const status = attempt.succeeded ? 'succeeded' : 'failed';
    const settled_at = new Date();
    const { _id, org_id, endpoint_id, event_id, event_type, partition, created_at } = test;
    const delivery: DeliveryDoc = {
      ...{ _id, org_id, endpoint_id, event_id, event_type, partition, created_at },
      ...{ status, attempts: number, failures: 0, trigger: 'test', next_attempt_at: null, epoch: null, settled_at },
    };
    const isThere = (await insertMissing(deliveries, [delivery])).length > 0;
    // Of attempts at the same time, the one with the greatest number says how it ended.
    const earlier = { _id, attempts: trusted({ $lt: number }) };
    if (isThere) await deliveries.updateOne(earlier, { $set: { status, settled_at, attempts: number } });
    return delivery;
  };
}
