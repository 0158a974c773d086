import { type MappedSeverity, severities } from '../../lib/severity.js';
import type { Routing, SlaMinutes } from './routing.js';

/** What an audit record says of a PUT: `ticket.enabled`, `sla.critical`. */
export function changedFields(before: Routing, after: Routing): string[] {
  const [old, now] = [fieldsOf(before), fieldsOf(after)];
  return Object.keys(now).filter((field) => old[field] !== now[field]);
}

/** Each field by its name, with a text that is another one when its value is. */
function fieldsOf({ ticket, severity_map, on_resolve, sla }: Routing): Record<string, string | undefined> {
  return {
    'ticket.enabled': String(ticket.enabled),
    'ticket.min_severity': ticket.min_severity,
    'ticket.connection_id': JSON.stringify(ticket.connection_id),
    ...Object.fromEntries(severities.map((name) => [`severity_map.${name}`, mappedText(severity_map[name])])),
    on_resolve,
    ...Object.fromEntries(severities.map((name) => [`sla.${name}`, slaText(sla[name])])),
  };
}

const mappedText = (mapped: MappedSeverity | undefined) =>
  typeof mapped === 'object' ? JSON.stringify([mapped.impact, mapped.urgency]) : JSON.stringify(mapped);

const slaText = (minutes: SlaMinutes | undefined) =>
  minutes && JSON.stringify([minutes.acknowledge_minutes, minutes.resolve_minutes]);
