import type { Routing } from '../../escalations/routing/routing.js';
import { severities } from '../../lib/severity.js';
import { SeverityBadge } from '../parts/badge.js';
import { HeadRow } from '../parts/list.js';
import { deadlineText, mappedSeverityText } from './labels.js';
import { targetLabel, type Targets } from './targets.js';

/** For readers, instead of the form. */
export function RoutingFacts({ routing, targets }: { routing: Routing; targets: Targets }) {
  const { ticket, on_resolve, severity_map, sla } = routing;
  const chosen = targets.connections.find(({ _id }) => _id === ticket.connection_id);
  return (
    <>
      <h2>Tickets</h2>
      <dl class="facts">
        <dt>Opened</dt>
        <dd>{ticket.enabled ? `from ${ticket.min_severity}` : 'for none'}</dd>
        <dt>Connection</dt>
        <dd>{chosen ? targetLabel(chosen) : (ticket.connection_id ?? targets.defaultLabel)}</dd>
        <dt>When it is resolved</dt>
        <dd>{on_resolve === 'close' ? 'comment and close the ticket' : 'comment on the ticket'}</dd>
      </dl>
      <h2>Severities</h2>
      <div class="table" tabindex={0} role="region" aria-label="Severities">
        <table>
          <thead>
            <HeadRow columns={['Severity', 'In the tracker', 'Claim within', 'Resolve within']} />
          </thead>
          <tbody>
            {severities.toReversed().map((severity) => (
              <tr key={severity}>
                <td>
                  <SeverityBadge severity={severity} />
                </td>
                <td>{mappedSeverityText(severity_map[severity] ?? severity)}</td>
                <td>{deadlineText(sla[severity]?.acknowledge_minutes)}</td>
                <td>{deadlineText(sla[severity]?.resolve_minutes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
