import { conflict, Problem, unprocessable } from '../http/problem.js';
import type { Actor } from '../http/caller.js';
import type { EscalationDoc, HistoryEntry, Resolution } from './model.js';
import { overdue } from './sla.js';
import type { Change } from './store.js';

/** Who acts, by which request. */
export interface Act {
  /** Of the request: repeated, it changes nothing more. */
  id: string;
  by: Actor;
  /** May release and resolve what another has claimed. */
  mayConfigure: boolean;
}

type Decide = (escalation: EscalationDoc, now: Date) => Change | null;

/** More than a review needs, and with the longest of texts still one document. */
const maxNotes = 300;
/** Claiming and releasing without an end would outgrow the document as well. */
const maxEntries = 2_000;

/** @throws Problem 409 `already_claimed` (by another), `already_resolved`, `decided_at_source` */
export const claim = (act: Act): Decide =>
  acting(act, 'claimed', null, (escalation, now) => {
    requireUndecided(escalation);
    if (escalation.claimed_by?.id === act.by.id) return null;
    if (escalation.claimed_by) {
      throw conflict('already_claimed', `${escalation.claimed_by.name} has claimed this escalation.`);
    }
    const acknowledged_at = escalation.acknowledged_at ?? now;
    return { status: 'claimed', claimed_by: act.by, claimed_at: now, acknowledged_at };
  });

/** @throws Problem 409 `not_claimed`, `already_resolved`, `decided_at_source`, 403 `not_claimer` */
export const release = (act: Act): Decide =>
  acting(act, 'released', null, (escalation) => {
    requireUndecided(escalation);
    requireClaimer(escalation, act, 'release');
    return { status: 'open', claimed_by: null, claimed_at: null };
  });

/** @throws Problem 409 `not_claimed`, `already_resolved`, `decided_at_source`, 403 `not_claimer` */
export const resolve = (act: Act, resolution: Resolution, notes: string | null): Decide =>
  acting(act, 'resolved', notes, (escalation, now) => {
    requireUndecided(escalation);
    requireClaimer(escalation, act, 'resolve');
    return { status: 'resolved', resolution, resolved_by: act.by, resolved_at: now };
  });

/** Of a queue elsewhere, which decides whoever has claimed what here. A second resolution changes nothing. */
export const resolveFromSource = (act: Act, resolution: Resolution, notes: string | null): Decide =>
  acting(act, 'resolved', notes, (escalation, now) =>
    escalation.status === 'resolved' ? null : { status: 'resolved', resolution, resolved_by: act.by, resolved_at: now },
  );

/** Notes are taken after the resolution too. @throws Problem 422 for one too many */
export const note = (act: Act, body: string): Decide =>
  acting(act, 'noted', body, (escalation) => {
    if (escalation.history.filter(({ kind }) => kind === 'noted').length >= maxNotes) {
      throw unprocessable([{ path: 'body', message: `is one note too many: an escalation takes ${maxNotes}` }]);
    }
    return {};
  });

/** @param decide what it makes of the document; null: it is so already */
function acting(
  { id, by }: Act,
  kind: HistoryEntry['kind'],
  text: string | null,
  decide: (escalation: EscalationDoc, now: Date) => Change['set'] | null,
): Decide {
  return (escalation, now) => {
    if (escalation.history.some((entry) => entry.id === id)) return null;
    const set = decide(escalation, now);
    if (!set) return null;
    if (escalation.history.length >= maxEntries && kind !== 'resolved') {
      throw conflict('too_many_changes', 'This escalation has been claimed and released too often: resolve it.');
    }
    // A clock that ran out unseen ran out before this.
    const late = overdue(escalation, now);
    const entry = { id, kind, at: now, by, text, clock: null };
    return { entries: [...(late?.entries ?? []), entry], set: { ...late?.set, ...set } };
  };
}

function requireUndecided({ status, source }: EscalationDoc): void {
  if (status === 'resolved') throw conflict('already_resolved', 'This escalation has been resolved.');
  if (source !== null) {
    throw conflict('decided_at_source', 'Another queue decides on this escalation: act on its review page.');
  }
}

function requireClaimer({ claimed_by }: EscalationDoc, act: Act, what: string): void {
  if (!claimed_by) throw conflict('not_claimed', `Claim this escalation before you ${what} it.`);
  if (claimed_by.id === act.by.id || act.mayConfigure) return;
  const detail = `${claimed_by.name} has claimed this escalation: only they, or a key that may configure, may ${what} it.`;
  throw new Problem('not_claimer', detail);
}
