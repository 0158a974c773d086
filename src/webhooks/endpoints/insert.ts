import { randomInt } from 'node:crypto';
import type { Model } from 'mongoose';
import { isDuplicateKey } from '../../db/errors.js';
import type { EndpointDoc } from './model.js';

/** `exists`: one with this id is there already, from a try before a crash. `full`: the org has as many as it may. */
export type Inserted = EndpointDoc | 'exists' | 'full';

/** Inserts an endpoint into a slot that is free: with counting, two creates at once could both be the last one. */
export async function insertInSlot(
  endpoints: Model<EndpointDoc>,
  endpoint: Omit<EndpointDoc, 'slot'>,
  max: number,
): Promise<Inserted> {
  const { _id, org_id } = endpoint;
  // A slot that is lost went to somebody else, so in this many tries all of them are taken.
  for (let tries = 0; tries <= max; tries++) {
    const there = await endpoints.find({ org_id }, { slot: 1 }).lean<Pick<EndpointDoc, '_id' | 'slot'>[]>().exec();
    if (there.some((other) => other._id === _id)) return 'exists';
    const slot = freeSlot(new Set(there.map((other) => other.slot)), max);
    if (slot === null) return 'full';
    try {
      const inserted = { ...endpoint, slot };
      await endpoints.create(inserted);
      return inserted;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }
  throw new Error('No endpoint can be inserted, although slots are free.');
}

/** Any of the free ones: who comes at the same time is likely to take another. */
function freeSlot(taken: ReadonlySet<number>, max: number): number | null {
  const free = Array.from({ length: max }, (_, slot) => slot).filter((slot) => !taken.has(slot));
  return free.length === 0 ? null : (free[randomInt(free.length)] ?? null);
}
