import type { ComponentChildren } from 'preact';
import { ingestedEventTypes } from '../../events/types.js';
import { deliveryStatuses } from '../../webhooks/deliveries/model.js';
import type { PresentedDelivery } from '../../webhooks/deliveries/schema.js';
import { Pager } from '../parts/pager.js';
import { Choice } from '../parts/choice.js';
import { Empty } from '../parts/empty.js';
import { Time } from '../parts/time.js';
import type { EndpointView } from './view.js';
import { DeliveryBadge, deliveryPathOf, msWords, pathOf } from './words.js';
import { logSpans } from './log-query.js';

export interface LogProps {
  endpoint: EndpointView;
  deliveries: PresentedDelivery[];
  nextCursor: string | null;
  query: URLSearchParams;
}

const columns = ['Status', 'Event', 'Came', 'Tries', 'Code', 'Took', 'Next try'];

/** What was and is to be delivered, the newest event first. */
export function DeliveryLog({ endpoint, deliveries, nextCursor, query }: LogProps) {
  const path = pathOf(endpoint.id);
  const isFiltered = ['status', 'event_type', 'since'].some((name) => query.get(name));
  return (
    <section aria-label="Deliveries">
      <h2>Deliveries</h2>
      <form class="filters" method="get" action={path} role="search">
        <label>
          Status
          <Choice name="status" values={deliveryStatuses} chosen={query.get('status')} />
        </label>
        <label>
          Event
          <Choice name="event_type" values={endpoint.events} chosen={query.get('event_type')} />
        </label>
        <label>
          Came
          <select name="since">
            <option value="">any time</option>
            {Object.entries(logSpans).map(([value, { label }]) => (
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
        <Nothing endpoint={endpoint} isFiltered={isFiltered} hasMore={nextCursor !== null} />
      ) : (
        <Table endpointId={endpoint.id} deliveries={deliveries} />
      )}
      <Pager path={path} query={query} nextCursor={nextCursor} />
    </section>
  );
}

function Nothing({
  endpoint,
  isFiltered,
  hasMore,
}: {
  endpoint: EndpointView;
  isFiltered: boolean;
  hasMore: boolean;
}): ComponentChildren {
  if (hasMore) return <Empty title="None among the newest 5,000">The next page looks further back.</Empty>;
  if (isFiltered)
    return (
      <Empty title="Nothing matches">
        <a href={pathOf(endpoint.id)}>Show all deliveries</a>
      </Empty>
    );
  const type = ingestedEventTypes.find((one) => endpoint.events.includes(one));
  return (
    <Empty title="Nothing was sent yet">
      {type === undefined ? (
        'Send a test, or raise an escalation.'
      ) : (
        <>
          Send a test, or an event: <code>{`npx kt event send --type ${type} --data '{}'`}</code>
        </>
      )}
    </Empty>
  );
}

function Table({ endpointId, deliveries }: { endpointId: string; deliveries: PresentedDelivery[] }) {
  return (
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
          {deliveries.map((delivery) => {
            const href = deliveryPathOf(endpointId, delivery.id);
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
                <td>{last ? msWords(last.duration_ms) : ''}</td>
                <td>
                  <NextTry delivery={delivery} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

export function NextTry({ delivery: { status, next_attempt_at } }: { delivery: PresentedDelivery }) {
  if (status === 'parked') return <>after a probe</>;
  if (next_attempt_at === null) return <span class="dim">–</span>;
  const at = new Date(next_attempt_at);
  return at.getTime() <= Date.now() ? <>now</> : <Time at={at} />;
}
