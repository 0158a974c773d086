import type { Model } from 'mongoose';
import { insertMissing } from '../../db/insert-missing.js';
import { trusted } from '../../db/schema-options.js';
import type { AttemptDoc, DeliveryDoc } from '../deliveries/model.js';
import { attemptId } from '../pump/outcome-writes.js';

export interface ParkedDeps {
  deliveries: Model<DeliveryDoc>;
  attempts: Model<AttemptDoc>;
}

/** More are not told apart, for counting them costs. */
export const maxCounted = 10_000;
const chunk = 1_000;

const settled = (at: Date) => ({ next_attempt_at: null, epoch: null, settled_at: at });

/** The deliveries that wait for an endpoint's health. */
export function createParked({ deliveries, attempts }: ParkedDeps) {
  const parkedOf = (endpointId: string, max: number) =>
    deliveries
      .find({ endpoint_id: endpointId, status: 'parked' }, { _id: 1 })
      .sort({ event_id: 1 })
      .limit(max)
      .lean<{ _id: string }[]>()
      .exec();

  async function failSome(
    filter: { endpoint_id: string; status: 'parked' | 'pending'; epoch?: null },
    error: string,
  ): Promise<boolean> {
    const some = await deliveries.find(filter, { attempts: 1 }).limit(chunk).lean<Unsent[]>().exec();
    const at = new Date();
    // On record first: what has failed without a word is not explained later.
    await insertMissing(
      attempts,
      some.map((one) => unsent(one, error, at)),
    );
    await deliveries.updateMany(
      { ...filter, _id: trusted({ $in: some.map(({ _id }) => _id) }) },
      { $set: { status: 'failed', ...settled(at) }, $inc: { attempts: 1 } },
    );
    return some.length === chunk;
  }

  return {
    /** Parks what nobody has claimed yet, as the pumps do with the rest. What people asked for goes its way. */
    async park(endpointId: string): Promise<void> {
      const filter = {
        endpoint_id: endpointId,
        status: 'pending',
        epoch: null,
        trigger: trusted({ $ne: 'manual' }),
      } as const;
      // In chunks: one update of a large backlog would outlast the socket's timeout, and hold back everything else.
      for (let more = true; more;) {
        const some = await deliveries.find(filter, { _id: 1 }).limit(chunk).lean<{ _id: string }[]>().exec();
        await deliveries.updateMany(
          { ...filter, _id: trusted({ $in: some.map(({ _id }) => _id) }) },
          { $set: { status: 'parked', next_attempt_at: null } },
        );
        more = some.length === chunk;
      }
    },

    /** @returns at most `maxCounted` */
    count: (endpointId: string, statuses: readonly DeliveryDoc['status'][], max = maxCounted): Promise<number> =>
      deliveries
        .countDocuments({ endpoint_id: endpointId, status: trusted({ $in: [...statuses] }) })
        .limit(max)
        .exec(),

    /** The oldest are due again, by the order of their events. @returns how many */
    async release(endpointId: string, max: number): Promise<number> {
      const oldest = await parkedOf(endpointId, max);
      if (oldest.length === 0) return 0;
      // Also what was being probed when a worker died.
      const { modifiedCount } = await deliveries.updateMany(
        { _id: trusted({ $in: oldest.map(({ _id }) => _id) }), status: 'parked' },
        { $set: { status: 'pending', next_attempt_at: new Date(), epoch: null } },
      );
      return modifiedCount;
    },

    /** Cancels what is parked, some of it. @returns whether there is more */
    async cancel(endpointId: string): Promise<boolean> {
      const some = await parkedOf(endpointId, chunk);
      await deliveries.updateMany(
        { _id: trusted({ $in: some.map(({ _id }) => _id) }), status: 'parked' },
        { $set: { status: 'cancelled', ...settled(new Date()) } },
      );
      return some.length === chunk;
    },

    /** Fails what was not tried yet, some of it, with an attempt that says why. @returns whether there is more */
    async fail(endpointId: string, error: string): Promise<boolean> {
      const ofParked = await failSome({ endpoint_id: endpointId, status: 'parked' }, error);
      const ofPending = await failSome({ endpoint_id: endpointId, status: 'pending', epoch: null }, error);
      return ofParked || ofPending;
    },
  };
}

export type Parked = ReturnType<typeof createParked>;

type Unsent = Pick<DeliveryDoc, '_id' | 'attempts'>;

function unsent({ _id, attempts }: Unsent, error: string, at: Date): AttemptDoc {
  const number = attempts + 1;
  return {
    _id: attemptId(_id, number),
    delivery_id: _id,
    number,
    at,
    trigger: 'automatic',
    response_code: null,
    duration_ms: 0,
    error,
    response_body: '',
  };
}
