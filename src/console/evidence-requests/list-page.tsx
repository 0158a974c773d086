import type { EvidenceRequestDoc } from '../../evidence-requests/model.js';
import { evidenceStatuses } from '../../integrations/evidence-status.js';
import type { Link } from '../../tickets/links/schema.js';
import { Choice } from '../parts/choice.js';
import { Empty } from '../parts/empty.js';
import { Pager } from '../parts/pager.js';
import { Time } from '../parts/time.js';
import { trackerNames } from '../tickets/names.js';
import { SyncBadge } from '../tickets/ticket-facts.js';
import { Due, StatusBadge, statusWords } from './words.js';

interface ListProps {
  requests: readonly EvidenceRequestDoc[];
  /** By the request's id; those without one are missing. */
  tickets: Map<string, Link>;
  nextCursor: string | null;
  query: URLSearchParams;
  mayMake: boolean;
}

export function ListPage({ requests, tickets, nextCursor, query, mayMake }: ListProps) {
  const isFiltered = Boolean(query.get('status'));
  return (
    <>
      <div class="head">
        <h1>Evidence requests</h1>
        {mayMake && (
          <a class="button primary" href="/evidence-requests/new" data-key="n">
            New request
          </a>
        )}
      </div>
      <form class="filters" method="get" action="/evidence-requests" role="search">
        <label>
          Status
          <Choice name="status" values={evidenceStatuses} chosen={query.get('status')} words={statusWords} />
        </label>
        <button>Filter</button>
        {isFiltered && <a href="/evidence-requests">Clear</a>}
      </form>
      {requests.length === 0 ? (
        <Nothing isFiltered={isFiltered} mayMake={mayMake} />
      ) : (
        <RequestTable {...{ requests, tickets }} />
      )}
      <Pager path="/evidence-requests" query={query} nextCursor={nextCursor} />
    </>
  );
}

function Nothing({ isFiltered, mayMake }: { isFiltered: boolean; mayMake: boolean }) {
  if (isFiltered) {
    return (
      <Empty title="Nothing matches">
        <a href="/evidence-requests">Show all evidence requests</a>
      </Empty>
    );
  }
  return (
    <Empty title="No evidence requests yet">
      {mayMake ? <a href="/evidence-requests/new">Make the first one</a> : 'A key that may configure makes them'}, here
      or by <code>POST /evidence-requests</code>. Each can have a ticket in your tracker, with one thread that both
      sides see.
    </Empty>
  );
}

const columns = ['Status', 'Title', 'Due', 'Assignee', 'Ticket', 'Updated'];

const RequestTable = ({ requests, tickets }: Pick<ListProps, 'requests' | 'tickets'>) => (
  <div class="table">
    <table>
      <thead>
        <tr>
          {columns.map((name) => (
            <th scope="col" key={name}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {requests.map((request) => {
          const href = `/evidence-requests/${request._id}`;
          return (
            <tr key={request._id} data-href={href}>
              <td>
                <StatusBadge status={request.status} />
              </td>
              <td class="what">
                <a href={href}>
                  <bdi>{request.title}</bdi>
                </a>
              </td>
              <td>
                <Due of={request} />
              </td>
              <td class="short">
                <bdi>{request.assignee ?? ''}</bdi>
              </td>
              <td class="short">
                <TicketCell ticket={tickets.get(request._id)} />
              </td>
              <td>
                <Time at={request.updated_at} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  </div>
);

function TicketCell({ ticket }: { ticket: Link | undefined }) {
  if (!ticket) return <span class="dim">–</span>;
  return (
    <>
      <SyncBadge of={ticket} /> {trackerNames[ticket.provider]} <bdi>{ticket.external_id ?? ''}</bdi>
    </>
  );
}
