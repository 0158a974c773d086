import type { Severity, MappedSeverity } from '../lib/severity.js';
import type { TicketMetadata } from '../integrations/port.js';

/** What a ticket can be about. */
export const subjectTypes = ['evidence_request', 'escalation'] as const;
export type SubjectType = (typeof subjectTypes)[number];

/** What the API's document calls each: a part of an operation's id, and words. */
export const subjectNames = {
  evidence_request: { id: 'EvidenceRequest', label: 'evidence request' },
  escalation: { id: 'Escalation', label: 'escalation' },
} as const satisfies Record<SubjectType, { id: string; label: string }>;

export interface SubjectRef {
  type: SubjectType;
  id: string;
}

/** What a ticket is made from, taken when it is asked for. */
export interface SubjectSnapshot {
  title: string;
  description: string;
  /** The subject's own page; http(s). */
  url: string;
  severity: Severity | null;
  /** In the tracker's terms. */
  mappedSeverity: MappedSeverity | null;
  /** The connection that it is to go through; null: the org's default one, or the environment's. */
  connectionId: string | null;
  metadata: TicketMetadata;
}

/** What the tickets need of the feature that owns a kind of subject. */
export interface SubjectSource {
  /** Of people, for errors: `evidence request`. */
  readonly label: string;
  exists(orgId: string, id: string): Promise<boolean>;
  snapshot(orgId: string, id: string): Promise<SubjectSnapshot | null>;
  /** Whether a tracker may send this status; null when every text is one. */
  readonly statuses: readonly string[] | null;
  /** Takes over a status that the tracker sent; may run twice. */
  applyStatus(orgId: string, id: string, status: string): Promise<void>;
}

export type SubjectSources = Record<SubjectType, SubjectSource>;
