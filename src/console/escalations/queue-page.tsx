import type { PresentedEscalation } from '../../escalations/presenter.js';
import { escalationStatuses } from '../../escalations/model.js';
import { firstIdAt } from '../../lib/ids.js';
import { severities } from '../../lib/severity.js';
import { SeverityBadge } from '../parts/badge.js';
import { Empty, FilterSelect, HeadRow, Pager } from '../parts/list.js';
import { Time } from '../parts/time.js';
import { actorName, Deadline, gatewayName, StatusBadge } from './labels.js';

interface QueueProps {
  escalations: PresentedEscalation[];
  nextCursor: string | null;
  query: URLSearchParams;
}

/** The review queue. A click on a row opens the review. */
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
          <FilterSelect name="status" values={escalationStatuses} chosen={query.get('status')} />
        </label>
        <label>
          Severity
          <FilterSelect name="severity" values={severities.toReversed()} chosen={query.get('severity')} />
        </label>
        <label>
          Search
          <input type="search" name="q" value={query.get('q') ?? ''} data-key="/" maxlength={200} />
        </label>
        <button>Filter</button>
        {isFiltered && <a href="/escalations">Clear</a>}
      </form>
      {escalations.length === 0 ? <EmptyQueue isFiltered={isFiltered} /> : <QueueTable escalations={escalations} />}
      <Pager path="/escalations" query={query} nextCursor={nextCursor} />
    </div>
  );
}

/**
 * The URL of the server-sent count of new escalations. Pages that can't gain new entries, and searches, have none.
 * @param newest the id of the first entry. A filtered list starts at the current time instead: escalations that it hides may be
 *   newer than its first entry.
 */
function livePath(query: URLSearchParams, newest: string | undefined): string | undefined {
  const [status, severity] = [query.get('status'), query.get('severity')];
  if (query.get('cursor') || query.get('q') || (status && !status.split(',').includes('open'))) return undefined;
  const after = status || severity ? firstIdAt('esc', Date.now()) : (newest ?? '');
  return `/escalations/live?${new URLSearchParams({ after, ...(severity && { severity }) }).toString()}`;
}

const EmptyQueue = ({ isFiltered }: { isFiltered: boolean }) =>
  isFiltered ? (
    <Empty title="Nothing matches">
      <a href="/escalations">Show all escalations</a>
    </Empty>
  ) : (
    <Empty title="Nothing to review">
      Escalations are raised by events that match a policy (<code>POST /events</code>), by{' '}
      <code>POST /escalations</code>, and by sources.
    </Empty>
  );

function QueueTable({ escalations }: { escalations: PresentedEscalation[] }) {
  return (
    <div class="table">
      <table>
        <thead>
          <HeadRow columns={['Severity', 'Status', 'Title', 'Deadline', 'Gateway', 'Actor', 'Claimed by', 'Age']} />
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
                  <StatusBadge of={escalation} />
                </td>
                <td class="what">
                  <a href={href}>{escalation.title}</a>
                </td>
                <td>
                  <Deadline of={escalation} />
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
