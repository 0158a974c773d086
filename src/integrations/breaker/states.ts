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
const reached = { unreachable_since: null, unreachable_message: null, probe_at: null, probes: 0 };

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
      // A refusal is an answer.
      const set = { version, refused_at: at, code, words: message, next_call_at: nextCallAt, ...reached };
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

    /** @returns false when it was known before, or newer settings have come */
    async unreachable({ scope, version }: Versioned, { message }: ProviderError, at: Date, probeAt: Date) {
      // What was refused to older settings says nothing of these.
      await states.updateOne({ _id: scope, version: trusted({ $lt: version }) }, { $set: { ...healed, version } });
      const unnoticed = { _id: scope, version, unreachable_since: null };
      const set = { unreachable_since: at, unreachable_message: message, probe_at: probeAt, probes: 0 };
      return upsertedWhere(states, unnoticed, { $set: set, $setOnInsert: healed });
    },

    /** Claims the one call that finds out whether a tracker answers again. @returns false when another process was quicker */
    async claimProbe({ scope, version }: Versioned, current: Date | null, until: Date): Promise<boolean> {
      const claim = { _id: scope, version, probe_at: current };
      const { modifiedCount } = await states.updateOne(claim, { $set: { probe_at: until } });
      return modifiedCount > 0;
    },

    /** That call has failed as well. @param claimedUntil as it was claimed, so that nobody else's claim is undone */
    async probeFailed({ scope, version }: Versioned, { message }: ProviderError, claimedUntil: Date, next: Date) {
      const claimed = { _id: scope, version, probe_at: claimedUntil };
      await states.updateOne(claimed, { $set: { unreachable_message: message, probe_at: next }, $inc: { probes: 1 } });
    },

    /** @returns false when it counted as reachable before */
    async reached({ scope, version }: Versioned): Promise<boolean> {
      const lost = { _id: scope, unreachable_since: trusted({ $ne: null }), version: trusted({ $lte: version }) };
      const { modifiedCount } = await states.updateOne(lost, { $set: reached });
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
