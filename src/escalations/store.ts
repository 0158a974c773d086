import { setTimeout as delay } from 'node:timers/promises';
import type { Model } from 'mongoose';
import type { Timings } from '../config/index.js';
import { insertMissing } from '../db/insert-missing.js';
import { isDuplicateKey } from '../db/errors.js';
import type { EscalationDoc, HistoryEntry } from './model.js';

/** A change to an escalation: what happened, and what the document says from then on. */
export interface Change {
  entries: Omit<HistoryEntry, 'seq'>[];
  set: Partial<EscalationDoc>;
}

/** Others that change the same escalation at the same moment; each lost race is another's success. */
const maxRaces = 200;

export type EscalationStore = ReturnType<typeof createEscalationStore>;

/** Escalations in MongoDB: raised by one insert each, changed by appending to their history. */
export function createEscalationStore(escalations: Model<EscalationDoc>, { dispatch }: Pick<Timings, 'dispatch'>) {
  const find = (id: string): Promise<EscalationDoc | null> =>
    escalations.findById(id).lean<EscalationDoc | null>().exec();

  return {
    escalations,
    find,

    /** @returns the one that was given, or the one that has its key already */
    async insert(escalation: EscalationDoc): Promise<{ escalation: EscalationDoc; isNew: boolean }> {
      try {
        // Lean: it was made here, field by field, and nothing is to be cast.
        await escalations.insertMany([escalation], { lean: true });
        return { escalation, isNew: true };
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        const { org_id, dedupe_key } = escalation;
        const known = await escalations.findOne({ org_id, dedupe_key }).lean<EscalationDoc | null>();
        if (!known) throw error;
        // Under the same id it is the same request again, after a crash.
        return { escalation: known, isNew: known._id === escalation._id };
      }
    },

    /** Inserts those that are not there yet. */
    async insertAll(all: readonly EscalationDoc[]): Promise<void> {
      await insertMissing(escalations, all);
    },

    /**
     * Changes an escalation by compare-and-set: what is decided holds for the document that it was decided on.
     * @param decide gets the document as it is; null: nothing is to be changed; what it throws is thrown
     * @returns the document that was decided on, with the change; null when there is none
     */
    async change(
      filter: { _id: string; org_id?: string },
      decide: (escalation: EscalationDoc, now: Date) => Change | null,
    ): Promise<EscalationDoc | null> {
      for (let race = 0; race < maxRaces; race++) {
        const current = await escalations.findOne(filter).lean<EscalationDoc | null>();
        if (!current) return null;
        const now = new Date();
        const change = decide(current, now);
        if (!change) return current;
        const entries = change.entries.map((entry, index) => ({ ...entry, seq: current.last_seq + 1 + index }));
        const set = {
          ...change.set,
          last_seq: current.last_seq + entries.length,
          ring_after: new Date(now.getTime() + dispatch.escalationGraceMs),
          updated_at: now,
        };
        // An update, for findOneAndUpdate would also store an image of the whole document, history and context included.
        const { matchedCount } = await escalations.updateOne(
          { _id: current._id, last_seq: current.last_seq },
          { $set: set, $push: { history: { $each: entries } } },
        );
        if (matchedCount === 1) return { ...current, ...set, history: [...current.history, ...entries] };
        // A random pause, for those who lost together would meet again together.
        await delay(Math.random() * Math.min(race, 20));
      }
      throw new Error(`The escalation ${filter._id} has too many writers at once.`);
    },

    /** Everything has been done for this entry. @returns the document with that; null when another was quicker */
    async moveTo(escalation: EscalationDoc, seq: number): Promise<EscalationDoc | null> {
      const set = { applied_seq: seq, rings: 0 };
      const { matchedCount } = await escalations.updateOne(
        { _id: escalation._id, applied_seq: seq - 1 },
        { $set: set },
      );
      return matchedCount === 1 ? { ...escalation, ...set } : null;
    },

    /**
     * Nothing is due before `until`. The dispatcher wakes the workflow then, in case the one that sleeps until then is gone.
     * @returns false when something has happened meanwhile
     */
    async rest({ _id, last_seq }: EscalationDoc, until: Date | null): Promise<boolean> {
      const ring_after = until && new Date(until.getTime() + dispatch.slaGraceMs);
      const { matchedCount } = await escalations.updateOne(
        { _id, last_seq, applied_seq: last_seq },
        { $set: { ring_after, rings: 0 } },
      );
      return matchedCount === 1;
    },
  };
}
