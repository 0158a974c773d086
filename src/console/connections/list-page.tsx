import type { ConnectionState } from '../../integrations/connections/health.js';
import type { ConnectionDoc } from '../../integrations/connections/model.js';
import { Badge } from '../parts/badge.js';
import { Empty, HeadRow, Pager } from '../parts/list.js';
import { Time } from '../parts/time.js';
import type { PageRequest } from '../page.js';
import { providerForms } from './providers.js';
import { HealthBadge, NextTry } from './status-card.js';

/** A connection with what its pages show beside the document. */
export interface ConnectionView {
  connection: ConnectionDoc;
  isDefault: boolean;
  state: ConnectionState;
  linkedTickets: number;
}

export const path = '/settings/connections';

interface ListProps {
  request: PageRequest;
  connections: ConnectionView[];
  hasDefault: boolean;
  nextCursor: string | null;
}

/** An org's connections: their health, and which one gets new tickets. */
export function ConnectionList({ request: { can, query }, connections, hasDefault, nextCursor }: ListProps) {
  return (
    <>
      <div class="head">
        <div>
          <h1>Connections</h1>
          <p class="dim">This org’s own trackers.</p>
        </div>
        {can('configure') && (
          <a class="button primary" href={`${path}/new`}>
            New connection
          </a>
        )}
      </div>
      {connections.length === 0 ? (
        <Empty title="No connections yet">
          Tickets go to the tracker of the environment, which <a href="/setup">Setup</a> shows. Connect a Jira site, a
          ServiceNow instance or your own receiver, and make it the default.
        </Empty>
      ) : (
        <>
          {!hasDefault && (
            <p>
              No connection is the default. New tickets go to the tracker of the environment, which{' '}
              <a href="/setup">Setup</a> shows.
            </p>
          )}
          <ConnectionTable connections={connections} />
        </>
      )}
      <Pager path={path} query={query} nextCursor={nextCursor} />
    </>
  );
}

const columns = ['Name', 'Provider', 'New tickets', 'Health', 'Linked tickets'];

const ConnectionTable = ({ connections }: { connections: ConnectionView[] }) => (
  <div class="table">
    <table>
      <thead>
        <HeadRow columns={columns} right={['Linked tickets']} />
      </thead>
      <tbody>
        {connections.map(({ connection: { _id, name, provider }, isDefault, state, linkedTickets }) => (
          <tr key={_id} data-href={`${path}/${_id}`}>
            <td>
              <a href={`${path}/${_id}`}>{name}</a>
            </td>
            <td>{providerForms[provider].title}</td>
            <td>{isDefault ? <Badge tone="info">default</Badge> : <span class="dim">–</span>}</td>
            <td>
              <HealthBadge state={state} /> <HealthLine state={state} />
            </td>
            <td class="right">{linkedTickets}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

/** On one line: since when, why, and when the next call is tried. */
function HealthLine({ state }: { state: ConnectionState }) {
  if (state.kind === 'held') {
    return (
      <span class="dim">
        resumes <Time at={state.until} />: {state.message}
      </span>
    );
  }
  if (state.kind !== 'refused') return null;
  return (
    <span class="dim">
      <Time at={state.since} />, next try <NextTry at={state.nextTryAt} />: {state.message}
    </span>
  );
}
