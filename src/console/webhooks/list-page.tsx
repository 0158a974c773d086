import { HoursChart } from '../parts/chart.js';
import { Empty, HeadRow, Pager } from '../parts/list.js';
import { EndpointBadge, ShortStatus } from './endpoint-status.js';
import { endpointPath, endpointsPath, msText } from './labels.js';
import type { ActiveView } from './view.js';

interface ListProps {
  endpoints: ActiveView[];
  nextCursor: string | null;
  query: URLSearchParams;
  mayChange: boolean;
}

const columns = ['State', 'Endpoint', 'Events', 'Last 24 h', 'Failures', 'p95'];

/** The endpoints with their health. A click on a row opens the endpoint. */
export function ListPage({ endpoints, nextCursor, query, mayChange }: ListProps) {
  return (
    <>
      <div class="head">
        <div>
          <h1>Webhooks</h1>
          <p class="dim">Endpoints that receive signed events.</p>
        </div>
        {mayChange && (
          <a class="button primary" href={`${endpointsPath}/new`}>
            New endpoint
          </a>
        )}
      </div>
      {endpoints.length === 0 ? <EmptyList mayChange={mayChange} /> : <EndpointTable endpoints={endpoints} />}
      <Pager path={endpointsPath} query={query} nextCursor={nextCursor} />
    </>
  );
}

const EmptyList = ({ mayChange }: { mayChange: boolean }) => (
  <Empty title="No endpoints yet">
    <p>
      {mayChange
        ? 'Create one with the URL of your receiver and the events that it wants. Its secret is shown once.'
        : 'Keys with the permission configure can create one.'}
    </p>
    <p>
      No receiver yet? <code>kt webhook listen</code> starts one on your machine, which verifies signatures and prints
      what it receives.
    </p>
  </Empty>
);

function EndpointTable({ endpoints }: { endpoints: ActiveView[] }) {
  return (
    <div class="table">
      <table class="endpoints">
        <thead>
          <HeadRow columns={columns} right={['Failures', 'p95']} />
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
    <tr data-href={endpointPath(id)}>
      <td>
        <EndpointBadge endpoint={endpoint} />{' '}
        <span class="dim">
          <ShortStatus endpoint={endpoint} />
        </span>
      </td>
      <td class="what">
        <a href={endpointPath(id)} title={url}>
          {url}
        </a>
        {description !== '' && <span class="dim"> {description}</span>}
      </td>
      <td title={events.join(', ')}>
        {first}
        {others.length > 0 && <span class="dim"> +{others.length}</span>}
      </td>
      <td>
        <HoursChart small hours={activity.hours} label={`Attempts to ${url.slice(0, 100)}`} />
      </td>
      <td class="right">{activity.failed === 0 ? <span class="dim">0</span> : activity.failed}</td>
      <td class="right">{activity.p95Ms === null ? <span class="dim">–</span> : msText(activity.p95Ms)}</td>
    </tr>
  );
}
