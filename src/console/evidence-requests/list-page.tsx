import type { EvidenceRequestDoc } from '../../evidence-requests/model.js';
import { evidenceStatuses } from '../../integrations/evidence-status.js';
import type { Link } from '../../tickets/links/schema.js';
import { Empty, FilterSelect, HeadRow, Pager } from '../parts/list.js';
import { Time } from '../parts/time.js';
import { SyncBadge, trackerNames } from '../tickets/labels.js';
import { Due, StatusBadge, statusLabel } from './labels.js';

interface ListProps {
  requests: readonly EvidenceRequestDoc[];
  /** By request id. */
  tickets: Map<string, Link>;
  nextCursor: string | null;
  query: URLSearchParams;
  mayCreate: boolean;
}

export function ListPage({ requests, tickets, nextCursor, query, mayCreate }: ListProps) {
  const isFiltered = Boolean(query.get('status'));
  return (
    <>
      <div class="head">
        <h1>Evidence requests</h1>
        {mayCreate && (
          <a class="button primary" href="/evidence-requests/new" data-key="n">
            New request
          </a>
        )}
      </div>
      <form class="filters" method="get" action="/evidence-requests" role="search">
        <label>
          Status
          <FilterSelect name="status" values={evidenceStatuses} chosen={query.get('status')} labelOf={statusLabel} />
        </label>
        <button>Filter</button>
        {isFiltered && <a href="/evidence-requests">Clear</a>}
      </form>
      {requests.length === 0 ? (
        <EmptyList isFiltered={isFiltered} mayCreate={mayCreate} />
      ) : (
        <RequestTable requests={requests} tickets={tickets} />
      )}
      <Pager path="/evidence-requests" query={query} nextCursor={nextCursor} />
    </>
  );
}

function EmptyList({ isFiltered, mayCreate }: { isFiltered: boolean; mayCreate: boolean }) {
  if (isFiltered) {
    return (
      <Empty title="Nothing matches">
        <a href="/evidence-requests">Show all evidence requests</a>
      </Empty>
    );
  }
  return (
    <Empty title="No evidence requests yet">
      {mayCreate ? (
        <a href="/evidence-requests/new">Create the first one</a>
      ) : (
        'Keys with the permission configure create them'
      )}
      , here or with <code>POST /evidence-requests</code>. Each request can have a ticket in your tracker, and one
      comment thread that stays in sync with it.
    </Empty>
  );
}

const columns = ['Status', 'Title', 'Due', 'Assignee', 'Ticket', 'Updated'];

const RequestTable = ({ requests, tickets }: Pick<ListProps, 'requests' | 'tickets'>) => (
  <div class="table">
    <table>
      <thead>
        <HeadRow columns={columns} />
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
