import type { EscalationTerms } from '../../events/model.js';
import { type MappedSeverity, severities, type Severity } from '../../lib/severity.js';

export interface SlaMinutes {
  acknowledge_minutes: number | null;
  resolve_minutes: number | null;
}

/** Where an org's escalations go. */
export interface Routing {
  ticket: { enabled: boolean; min_severity: Severity; connection_id: string | null };
  severity_map: Partial<Record<Severity, MappedSeverity>>;
  on_resolve: 'comment' | 'close';
  sla: Partial<Record<Severity, SlaMinutes>>;
}

/** Of an org that has set none: a ticket for each, in our words, told of the resolution; no clocks. */
export const defaultRouting: Routing = {
  ticket: { enabled: true, min_severity: 'low', connection_id: null },
  severity_map: {},
  on_resolve: 'comment',
  sla: {},
};

/** @param from when it was raised: the clocks run day and night from here */
export function termsOf(routing: Routing, severity: Severity, from: Date): EscalationTerms {
  const { ticket, severity_map, on_resolve } = routing;
  const minutes = routing.sla[severity];
  const after = (count: number | null | undefined) =>
    count === null || count === undefined ? null : new Date(from.getTime() + count * 60_000);
  return {
    open_ticket: ticket.enabled && severities.indexOf(severity) >= severities.indexOf(ticket.min_severity),
    connection_id: ticket.connection_id,
    mapped_severity: severity_map[severity] ?? severity,
    on_resolve,
    acknowledge_due_at: after(minutes?.acknowledge_minutes),
    resolve_due_at: after(minutes?.resolve_minutes),
  };
}
