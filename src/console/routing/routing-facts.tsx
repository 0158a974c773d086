import type { Routing } from '../../escalations/routing/routing.js';
import { SeverityBadge } from '../parts/badge.js';
import { mappedWords, minutesWords } from './words.js';
import { severitiesDown } from './routing-form.js';
import type { Target } from './routing-page.js';

interface RoutingFactsProps {
  routing: Routing;
  connection: Target | undefined;
  usual: string;
}

/** The routing for those who may not change it. */
export function RoutingFacts({ routing, connection, usual }: RoutingFactsProps) {
  const { ticket, on_resolve, severity_map, sla } = routing;
  const target = connection ? `${connection.name} (${connection.provider})` : (ticket.connection_id ?? usual);
  return (
    <>
      <h2>Tickets</h2>
      <dl class="facts">
        <dt>Opened</dt>
        <dd>{ticket.enabled ? `from ${ticket.min_severity}` : 'for none'}</dd>
        <dt>Connection</dt>
        <dd>{target}</dd>
        <dt>When it is resolved</dt>
        <dd>{on_resolve === 'close' ? 'comment and close the ticket' : 'comment on the ticket'}</dd>
      </dl>
      <h2>Severities</h2>
      <div class="table" tabindex={0} role="region" aria-label="Severities">
        <table>
          <thead>
            <tr>
              {['Severity', 'In the tracker', 'Claim within', 'Resolve within'].map((name) => (
                <th scope="col" key={name}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {severitiesDown.map((severity) => (
              <tr key={severity}>
                <td>
                  <SeverityBadge severity={severity} />
                </td>
                <td>{mappedWords(severity_map[severity] ?? severity)}</td>
                <td>{minutesWords(sla[severity]?.acknowledge_minutes)}</td>
                <td>{minutesWords(sla[severity]?.resolve_minutes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
