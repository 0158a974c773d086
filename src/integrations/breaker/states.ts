import type { Model } from 'mongoose';
import { isDuplicateKey } from '../../db/errors.js';
import { trusted } from '../../db/schema-options.js';
import type { ProviderError } from '../../lib/provider-errors.js';
import type { TrackerStateDoc } from './model.js';

/** The settings that a refusal is about. */
export interface Versioned {
  scope: string;
  version: number;
}

export type TrackerStates = ReturnType<typeof createTrackerStates>;

const healed = { refused_at: null, code: null, words: null, next_call_at: null };

/** The states of trackers in MongoDB; each change is one write, and says whether it changed anything. */
export function createTrackerStates(states: Model<TrackerStateDoc>) {
  return {
    read: (scope: string) => states.findById(scope).lean<TrackerStateDoc | null>().exec(),

    /** Those of these whose credentials are refused. */
    refused: (scopes: readonly string[]) =>
      scopes.length === 0
        ? Promise.resolve([])
        : states
            .find({ _id: trusted({ $in: [...scopes] }), refused_at: trusted({ $ne: null }) })
            .lean<TrackerStateDoc[]>()
            .exec(),

    /** @returns false when they were refused before, or newer settings have come */
    async refuse({ scope, version }: Versioned, { code, message }: ProviderError, at: Date, nextCallAt: Date) {
      const untold = [{ version: trusted({ $lt: version }) }, { version, refused_at: null }];
      const set = { version, refused_at: at, code, words: message, next_call_at: nextCallAt };
      return upsertedWhere(states, { _id: scope, $or: untold }, { $set: set });
    },

    /** Claims the one call that is let through. @returns false when another process was quicker */
    async claimCall({ scope, version }: Versioned, current: Date | null, nextCallAt: Date): Promise<boolean> {
      const claim = { _id: scope, version, next_call_at: current };
      const { modifiedCount } = await states.updateOne(claim, { $set: { next_call_at: nextCallAt } });
      return modifiedCount > 0;
    },

    /** @returns false when nothing was refused */
    async heal({ scope, version }: Versioned): Promise<boolean> {
      const refused = { _id: scope, refused_at: trusted({ $ne: null }), version: trusted({ $lte: version }) };
      const { modifiedCount } = await states.updateOne(refused, { $set: { ...healed, version } });
      return modifiedCount > 0;
    },

    /** Never shortens what was asked for before. */
    async hold({ scope, version }: Versioned, { code, message }: ProviderError, until: Date): Promise<void> {
      const shorter = [{ hold_until: null }, { hold_until: trusted({ $lt: until }) }];
      const set = { hold_until: until, hold_code: code, hold_words: message };
      await upsertedWhere(states, { _id: scope, $or: shorter }, { $set: set, $setOnInsert: { version, ...healed } });
    },

    /** Another tracker is behind this scope now, or none. */
    async forget(scope: string): Promise<void> {
      await states.deleteOne({ _id: scope });
    },
  };
}

/**
 * Where there is a document that does not match, nothing is changed. mongod repeats an upsert that lost a race only when
 * its filter is an equality on the key, so the loser finds out here whether its filter matches the winner's document.
 */
async function upsertedWhere(states: Model<TrackerStateDoc>, filter: object, change: object): Promise<boolean> {
  try {
    const { modifiedCount, upsertedCount } = await states.updateOne(filter, change, { upsert: true });
    return modifiedCount + upsertedCount > 0;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    const { modifiedCount } = await states.updateOne(filter, change);
    return modifiedCount > 0;
  }
}
