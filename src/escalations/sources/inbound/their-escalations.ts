import type { Model } from 'mongoose';
import type { EscalationSignaler } from '../../../temporal/escalation-signaler.js';
import type { EscalationDoc } from '../../model.js';
import { dedupeKeyOf } from '../../new-escalation.js';
import type { EscalationService } from '../../service.js';
import type { EscalationStore } from '../../store.js';
import { resolveFromSource } from '../../transitions.js';
import { notFound } from '../../../http/problem.js';
import { leaveToReviewers } from '../leave-to-reviewers.js';
import type { SourceDoc } from '../model.js';
import { namesOf, raisedBy } from './raised.js';
import type { RaisedData, ResolvedData } from './schema.js';

export interface TheirEscalationsDeps {
  sources: Model<SourceDoc>;
  escalationService: Pick<EscalationService, 'raise'>;
  escalations: EscalationStore;
  signaler: EscalationSignaler;
}

/** The escalations that a queue elsewhere decides on. */
export function createTheirEscalations({ sources, escalationService, escalations, signaler }: TheirEscalationsDeps) {
  async function find({ _id, org_id }: SourceDoc, names: readonly string[]): Promise<EscalationDoc | null> {
    for (const source_id of names) {
      const dedupe_key = dedupeKeyOf('', { source: _id, source_id });
      const known = await escalations.escalations.findOne({ org_id, dedupe_key }).lean<EscalationDoc | null>();
      if (known) return known;
    }
    return null;
  }

  return {
    /**
     * @param id what it is called here, if it is new
     * @returns whether it was raised by this; the dispatcher starts its workflow
     */
    async raise(source: SourceDoc, id: string, data: RaisedData): Promise<boolean> {
      const { isNew } = await escalationService.raise(source.org_id, id, raisedBy(source._id, data));
      // Its source may have ended meanwhile, and let go of what it had before this one was there.
      const isListening = await sources.exists({ _id: source._id, ended_at: null });
      if (!isListening) await leaveToReviewers(escalations, source);
      return isNew;
    },

    /**
     * @param eventId the event's id there
     * @returns whether it was resolved by this
     * @throws Problem 404 for what was never raised: its sender tries again, and the raising may come before
     */
    async resolve(source: SourceDoc, eventId: string, data: ResolvedData): Promise<boolean> {
      const known = await find(source, namesOf(data));
      if (!known) throw notFound('escalation of this source');
      const { resolved_by, resolution, notes } = data;
      const by = { id: resolved_by?.id ?? source._id, name: resolved_by?.name ?? source.name, via: source._id };
      const act = { id: `${source._id}/${eventId}`, by, mayConfigure: true };
      const decide = resolveFromSource(act, resolution, notes);
      const outcome = { isApplied: false };
      const resolved = await escalations.change({ _id: known._id, org_id: source.org_id }, (current, now) => {
        const change = decide(current, now);
        outcome.isApplied = change !== null;
        return change;
      });
      // Not waited for: the dispatcher repeats a lost wake-up.
      if (resolved && outcome.isApplied) void signaler.wake(resolved);
      return outcome.isApplied;
    },
  };
}
