import type { AuditChanges } from '../../http/audit.js';
import type { AuditEntryDoc } from './model.js';

/** An entry as the API shows it, as it is exported, and as it is hashed. */
export interface PresentedEntry {
  id: string;
  seq: number | null;
  at: string;
  org_id: string;
  actor: { id: string; name: string; via: string };
  source: { kind: string; address: string | null; request_id: string | null; session: string | null } | null;
  action: string;
  outcome: string;
  subject: { type: string; id: string; name: string | null };
  changed: string[];
  changes: AuditChanges;
  prev_hash: string | null;
  hash: string | null;
}

export function presentEntry(entry: AuditEntryDoc): PresentedEntry {
  // Entries of older versions have neither outcome nor changes, and lean reads fill in no defaults.
  const { actor, source, subject, outcome = 'succeeded', changes = '{}' } = entry;
  return {
    id: entry._id,
    seq: entry.seq ?? null,
    at: entry.at.toISOString(),
    org_id: entry.org_id,
    actor: { id: actor.id, name: actor.name, via: actor.via },
    source: source && {
      kind: source.kind,
      address: source.address ?? null,
      request_id: source.requestId ?? null,
      session: source.session ?? null,
    },
    action: entry.action,
    outcome,
    subject: { type: subject.type, id: subject.id, name: subject.name ?? null },
    changed: [...entry.changed],
    changes: JSON.parse(changes) as AuditChanges,
    prev_hash: entry.prev_hash ?? null,
    hash: entry.hash ?? null,
  };
}
