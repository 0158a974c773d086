import { HoursChart } from '../parts/chart.js';
import { Empty } from '../parts/empty.js';
import { Pager } from '../parts/pager.js';
import { EndpointBadge, ShortStanding } from './standing.js';
import type { ActiveView } from './view.js';
import { msWords, pathOf } from './words.js';

interface ListProps {
  endpoints: ActiveView[];
  nextCursor: string | null;
  query: URLSearchParams;
  mayChange: boolean;
}

const columns = ['State', 'Endpoint', 'Events', 'Last 24 h', 'Failures', 'p95'];

/** The endpoints with their health at a glance; the whole row leads to one. */
export function ListPage({ endpoints, nextCursor, query, mayChange }: ListProps) {
  return (
    <>
      <div class="head">
        <div>
          <h1>Webhooks</h1>
          <p class="dim">Endpoints that are sent signed events.</p>
        </div>
        {mayChange && (
          <a class="button primary" href="/settings/webhooks/new">
            New endpoint
          </a>
        )}
      </div>
      {endpoints.length === 0 ? <Nothing mayChange={mayChange} /> : <Table endpoints={endpoints} />}
      <Pager path="/settings/webhooks" query={query} nextCursor={nextCursor} />
    </>
  );
}

const Nothing = ({ mayChange }: { mayChange: boolean }) => (
  <Empty title="No endpoints yet">
    <p>
      {mayChange
        ? 'Make one with the URL of your receiver and the events that it wants; its secret is shown once.'
        : 'Somebody whose key may configure can make one.'}
    </p>
    <p>
      No receiver yet? <code>npx kt webhook listen</code> starts one on your machine that checks signatures and prints
      what arrives.
    </p>
  </Empty>
);

function Table({ endpoints }: { endpoints: ActiveView[] }) {
  return (
    <div class="table">
      <table class="endpoints">
        <thead>
          <tr>
            {columns.map((name) => (
              <th scope="col" key={name} class={name === 'Failures' || name === 'p95' ? 'right' : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {endpoints.map((endpoint) => (
            <Row key={endpoint.id} endpoint={endpoint} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ endpoint }: { endpoint: ActiveView }) {
  const { id, url, events, description, activity } = endpoint;
  const [first = '', ...others] = events;
  return (
    <tr data-href={pathOf(id)}>
      <td>
        <EndpointBadge endpoint={endpoint} />{' '}
        <span class="dim">
          <ShortStanding endpoint={endpoint} />
        </span>
      </td>
      <td class="what">
        <a href={pathOf(id)} title={url}>
          {url}
        </a>
        {description !== '' && <span class="dim"> {description}</span>}
      </td>
      <td title={events.join(', ')}>
        {first}
        {others.length > 0 && <span class="dim"> +{others.length}</span>}
      </td>
      <td>
        <HoursChart small hours={activity.hours} label={`Tries at ${url.slice(0, 100)}`} />
      </td>
      <td class="right">{activity.failed === 0 ? <span class="dim">0</span> : activity.failed}</td>
      <td class="right">{activity.p95Ms === null ? <span class="dim">–</span> : msWords(activity.p95Ms)}</td>
    </tr>
  );
}
