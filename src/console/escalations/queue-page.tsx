import type { PresentedEscalation } from '../../escalations/presenter.js';
import { escalationStatuses } from '../../escalations/model.js';
import { firstIdAt } from '../../lib/ids.js';
import { severities } from '../../lib/severity.js';
import { SeverityBadge } from '../parts/badge.js';
import { Choice } from '../parts/choice.js';
import { Empty } from '../parts/empty.js';
import { Pager } from '../parts/pager.js';
import { Time } from '../parts/time.js';
import { actorName, Clock, gatewayName, Standing } from './words.js';

interface QueueProps {
  escalations: PresentedEscalation[];
  nextCursor: string | null;
  query: URLSearchParams;
}

/** The queue: what decides comes first, and the whole row leads to the review. */
export function QueuePage({ escalations, nextCursor, query }: QueueProps) {
  const isFiltered = ['status', 'severity', 'q'].some((name) => query.get(name));
  return (
    <div data-live={livePath(query, escalations[0]?.id)}>
      <div class="head">
        <h1>Escalations</h1>
        <a class="button" href={`/escalations?${query.toString()}`} data-live-note hidden>
          0 new
        </a>
      </div>
      <form class="filters" method="get" action="/escalations" role="search">
        <label>
          Status
          <Choice name="status" values={escalationStatuses} chosen={query.get('status')} />
        </label>
        <label>
          Severity
          <Choice name="severity" values={[...severities].reverse()} chosen={query.get('severity')} />
        </label>
        <label>
          Words
          <input type="search" name="q" value={query.get('q') ?? ''} data-key="/" maxlength={200} />
        </label>
        <button>Filter</button>
        {isFiltered && <a href="/escalations">Clear</a>}
      </form>
      {escalations.length === 0 ? <Nothing isFiltered={isFiltered} /> : <QueueTable escalations={escalations} />}
      <Pager path="/escalations" query={query} nextCursor={nextCursor} />
    </div>
  );
}

/**
 * Where the page hears how many are new; nowhere when it shows what cannot be new, or what takes a search to tell.
 * @param newest the first that is shown: of a narrowed list, others may be newer than that and still not new
 */
function livePath(query: URLSearchParams, newest: string | undefined): string | undefined {
  const [status, severity] = [query.get('status'), query.get('severity')];
  if (query.get('cursor') || query.get('q') || (status && !status.split(',').includes('open'))) return undefined;
  const after = status || severity ? firstIdAt('esc', Date.now()) : (newest ?? '');
  return `/escalations/live?${new URLSearchParams({ after, ...(severity && { severity }) }).toString()}`;
}

const Nothing = ({ isFiltered }: { isFiltered: boolean }) =>
  isFiltered ? (
    <Empty title="Nothing matches">
      <a href="/escalations">Show all escalations</a>
    </Empty>
  ) : (
    <Empty title="Nothing to review">
      Escalations come from events that a policy matches (<code>POST /events</code>), from{' '}
      <code>POST /escalations</code>, and from sources.
    </Empty>
  );

function QueueTable({ escalations }: { escalations: PresentedEscalation[] }) {
  return (
    <div class="table">
      <table>
        <thead>
          <tr>
            {['Severity', 'Status', 'What', 'Clock', 'Gateway', 'Actor', 'Claimed by', 'Age'].map((name) => (
              <th scope="col" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {escalations.map((escalation) => {
            const href = `/escalations/${escalation.id}/review`;
            return (
              <tr key={escalation.id} data-href={href}>
                <td>
                  <SeverityBadge severity={escalation.severity} />
                </td>
                <td>
                  <Standing of={escalation} />
                </td>
                <td class="what">
                  <a href={href}>{escalation.title}</a>
                </td>
                <td>
                  <Clock of={escalation} />
                </td>
                <td>{gatewayName(escalation)}</td>
                <td>{actorName(escalation)}</td>
                <td>{escalation.claimed_by?.name ?? ''}</td>
                <td>
                  <Time at={new Date(escalation.created_at)} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
