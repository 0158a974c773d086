import type { EscalationTerms } from '../events/model.js';
import { randomUUID } from 'node:crypto';
import type { Severity } from '../lib/severity.js';
import type { EscalatedActor, EscalationDoc, EscalationKind, Gateway } from './model.js';
import { searchTermsOf } from './search-terms.js';

/** What a raiser says. */
export interface Raised {
  kind: EscalationKind;
  severity: Severity;
  title: string;
  reason: string | null;
  gateway: Gateway | null;
  actor: EscalatedActor | null;
  /** JSON text; null for none. */
  context: string | null;
  policy: EscalationDoc['policy'];
  event_id: string | null;
  source_id: string | null;
  source: string | null;
  review_url: string | null;
}

export interface Raising {
  id: string;
  orgId: string;
  raised: Raised;
  terms: EscalationTerms;
  at: Date;
}

/** An escalation as it is inserted: its first entry is its raising, and it is due at once. */
export function newEscalation({ id, orgId, raised, terms, at }: Raising): EscalationDoc {
  return {
    _id: id,
    org_id: orgId,
    dedupe_key: dedupeKeyOf(id, raised),
    ...raised,
    status: 'open',
    claimed_by: null,
    claimed_at: null,
    acknowledged_at: null,
    resolution: null,
    resolved_by: null,
    resolved_at: null,
    breached: null,
    terms,
    history: [{ seq: 1, id: randomUUID(), kind: 'raised', at, by: null, text: null, clock: null }],
    last_seq: 1,
    applied_seq: 0,
    ring_after: at,
    rings: 0,
    words: searchTermsOf({ id, ...raised }),
    created_at: at,
    updated_at: at,
  };
}

/** Each source counts for itself, and so do those who raise by the API. */
export function dedupeKeyOf(id: string, { source, source_id }: Pick<Raised, 'source' | 'source_id'>): string {
  return source_id === null ? id : `${source ?? 'api'}/${source_id}`;
}
