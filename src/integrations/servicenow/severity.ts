import type { Severity, MappedSeverity } from '../../lib/severity.js';
import type { TicketDraft } from '../port.js';

export interface Urgency {
  /** 1 to 3, as texts; the priority is computed from both. */
  impact: string;
  urgency: string;
}

/** By the matrix that instances come with: priorities 1, 2, 3 and 4. */
const defaults: Record<Severity, Urgency> = {
  critical: { impact: '1', urgency: '1' },
  high: { impact: '2', urgency: '1' },
  medium: { impact: '2', urgency: '2' },
  low: { impact: '3', urgency: '2' },
};

/** @returns null where the subject has no severity; a word that routing mapped it to means nothing here */
export function urgencyOf(
  { severity, metadata }: Pick<TicketDraft, 'severity' | 'metadata'>,
  map: Partial<Record<Severity, MappedSeverity>>,
): Urgency | null {
  const ours = metadata.severity;
  return (ours && pairOf(map[ours])) ?? pairOf(severity) ?? (ours && defaults[ours]);
}

function pairOf(mapped: MappedSeverity | null | undefined): Urgency | null {
  if (typeof mapped !== 'object' || mapped === null) return null;
  return { impact: String(mapped.impact), urgency: String(mapped.urgency) };
}
