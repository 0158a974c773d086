import type { ComponentChildren } from 'preact';
import type { z } from 'zod';
import { ingestedEventTypes } from '../../events/types.js';
import { validate } from '../../http/validation.js';
import { deliveryStatuses } from '../../webhooks/deliveries/model.js';
import { listDeliveriesQuery, type PresentedDelivery } from '../../webhooks/deliveries/schema.js';
import { Empty, FilterSelect, HeadRow, Pager } from '../parts/list.js';
import { Time } from '../parts/time.js';
import { DeliveryBadge, deliveryPath, endpointPath, msText } from './labels.js';
import type { EndpointView } from './view.js';

export interface LogProps {
  endpoint: EndpointView;
  deliveries: PresentedDelivery[];
  nextCursor: string | null;
  query: URLSearchParams;
}

const pageSize = 25;

/** The query's value and not a time, so that a shared URL keeps its meaning. */
const timeSpans: Record<string, { label: string; ms: number }> = {
  '1h': { label: 'within an hour', ms: 3_600_000 },
  '24h': { label: 'within a day', ms: 86_400_000 },
  '7d': { label: 'within a week', ms: 7 * 86_400_000 },
};

/** The page's filters as the API's query. @throws Problem 422 */
export function logQueryOf(query: URLSearchParams): z.output<typeof listDeliveriesQuery> {
  const filters: Record<string, string> = { limit: String(pageSize) };
  for (const name of ['status', 'event_type', 'since', 'cursor']) {
    const value = query.get(name);
    if (value) filters[name] = value;
  }
  const span = timeSpans[filters.since ?? ''];
  if (span) filters.since = new Date(Date.now() - span.ms).toISOString();
  return validate(listDeliveriesQuery, filters);
}

const columns = ['Status', 'Event', 'Arrived', 'Attempts', 'Code', 'Duration', 'Next attempt'];

/** The endpoint's deliveries, newest event first. */
export function DeliveryLog({ endpoint, deliveries, nextCursor, query }: LogProps) {
  const path = endpointPath(endpoint.id);
  const isFiltered = ['status', 'event_type', 'since'].some((name) => query.get(name));
  return (
    <section aria-label="Deliveries">
      <h2>Deliveries</h2>
      <form class="filters" method="get" action={path} role="search">
        <label>
          Status
          <FilterSelect name="status" values={deliveryStatuses} chosen={query.get('status')} />
        </label>
        <label>
          Event
          <FilterSelect name="event_type" values={endpoint.events} chosen={query.get('event_type')} />
        </label>
        <label>
          Arrived
          <select name="since">
            <option value="">any time</option>
            {Object.entries(timeSpans).map(([value, { label }]) => (
              <option key={value} value={value} selected={value === query.get('since')}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <button>Filter</button>
        {isFiltered && <a href={path}>Clear</a>}
      </form>
      {deliveries.length === 0 ? (
        <EmptyLog endpoint={endpoint} isFiltered={isFiltered} hasMore={nextCursor !== null} />
      ) : (
        <DeliveryTable endpointId={endpoint.id} deliveries={deliveries} />
      )}
      <Pager path={path} query={query} nextCursor={nextCursor} />
    </section>
  );
}

interface EmptyLogProps {
  endpoint: EndpointView;
  isFiltered: boolean;
  hasMore: boolean;
}

function EmptyLog({ endpoint, isFiltered, hasMore }: EmptyLogProps): ComponentChildren {
  if (hasMore) return <Empty title="None among the newest 5,000">The next page searches further back.</Empty>;
  if (isFiltered)
    return (
      <Empty title="Nothing matches">
        <a href={endpointPath(endpoint.id)}>Show all deliveries</a>
      </Empty>
    );
  const type = ingestedEventTypes.find((candidate) => endpoint.events.includes(candidate));
  return (
    <Empty title="Nothing was sent yet">
      {type === undefined ? (
        'Send a test, or raise an escalation.'
      ) : (
        <>
          Send a test, or an event: <code>{`kt event send --type ${type} --data '{}'`}</code>
        </>
      )}
    </Empty>
  );
}

function DeliveryTable({ endpointId, deliveries }: { endpointId: string; deliveries: PresentedDelivery[] }) {
  return (
    <div class="table">
      <table>
        <thead>
          <HeadRow columns={columns} />
        </thead>
        <tbody>
          {deliveries.map((delivery) => {
            const href = deliveryPath(endpointId, delivery.id);
            const last = delivery.attempts.at(-1);
            return (
              <tr key={delivery.id} data-href={href}>
                <td>
                  <DeliveryBadge status={delivery.status} />
                </td>
                <td class="what">
                  <a href={href}>{delivery.event_type}</a>
                  {delivery.attempts[0]?.trigger === 'test' && <span class="dim"> test</span>}
                </td>
                <td>
                  <Time at={new Date(delivery.created_at)} />
                </td>
                <td>{delivery.attempts.length}</td>
                <td>{last ? (last.response_code ?? <span class="dim">none</span>) : ''}</td>
                <td>{last ? msText(last.duration_ms) : ''}</td>
                <td>
                  <NextAttempt delivery={delivery} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function NextAttempt({ delivery: { status, next_attempt_at } }: { delivery: PresentedDelivery }) {
  if (status === 'parked') return <>after a probe</>;
  if (next_attempt_at === null) return <span class="dim">–</span>;
  const at = new Date(next_attempt_at);
  return at.getTime() <= Date.now() ? <>now</> : <Time at={at} />;
}
