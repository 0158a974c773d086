import type { Routing } from './routing.js';

/** Whitelisted. */
export const presentRouting = ({ ticket, severity_map, on_resolve, sla }: Routing) => ({
  ticket: { enabled: ticket.enabled, min_severity: ticket.min_severity, connection_id: ticket.connection_id },
  severity_map,
  on_resolve,
  sla,
});
