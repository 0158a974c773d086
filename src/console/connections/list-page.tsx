import type { ConnectionState } from '../../integrations/connections/health.js';
import type { ConnectionDoc } from '../../integrations/connections/model.js';
import { Badge } from '../parts/badge.js';
import { Empty } from '../parts/empty.js';
import { Pager } from '../parts/pager.js';
import { Time } from '../parts/time.js';
import type { PageRequest } from '../page.js';
import { providerForms } from './providers.js';
import { HealthBadge, NextTry } from './standing.js';

/** A connection, and what is known of it beside its document. */
export interface SeenConnection {
  connection: ConnectionDoc;
  isDefault: boolean;
  state: ConnectionState;
  /** Tickets that are linked through it. */
  links: number;
}

export const path = '/settings/connections';

interface ListProps {
  request: PageRequest;
  seen: SeenConnection[];
  hasDefault: boolean;
  nextCursor: string | null;
}

/** An org's trackers: which one gets new tickets, and which is in trouble. */
export function ConnectionList({ request: { can, query }, seen, hasDefault, nextCursor }: ListProps) {
  return (
    <>
      <div class="head">
        <div>
          <h1>Connections</h1>
          <p class="dim">Trackers of this org’s own.</p>
        </div>
        {can('configure') && (
          <a class="button primary" href={`${path}/new`}>
            New connection
          </a>
        )}
      </div>
      {seen.length === 0 ? (
        <Empty title="No connections yet">
          Tickets go where the environment says, which <a href="/setup">Setup</a> shows. Connect a Jira site, a
          ServiceNow instance or a receiver of your own, and make it the default.
        </Empty>
      ) : (
        <>
          {!hasDefault && (
            <p>
              None is the default: new tickets go where the environment says, which <a href="/setup">Setup</a> shows.
            </p>
          )}
          <Table seen={seen} />
        </>
      )}
      <Pager path={path} query={query} nextCursor={nextCursor} />
    </>
  );
}

const Table = ({ seen }: { seen: SeenConnection[] }) => (
  <div class="table">
    <table>
      <thead>
        <tr>
          {['Name', 'Provider', 'New tickets', 'Health', 'Linked tickets'].map((name) => (
            <th scope="col" key={name} class={name === 'Linked tickets' ? 'right' : undefined}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {seen.map(({ connection: { _id, name, provider }, isDefault, state, links }) => (
          <tr key={_id} data-href={`${path}/${_id}`}>
            <td>
              <a href={`${path}/${_id}`}>{name}</a>
            </td>
            <td>{providerForms[provider].title}</td>
            <td>{isDefault ? <Badge tone="info">default</Badge> : <span class="dim">–</span>}</td>
            <td>
              <HealthBadge state={state} /> <NextStep state={state} />
            </td>
            <td class="right">{links}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

/** In a line: since when, why, and when it is tried next. */
function NextStep({ state }: { state: ConnectionState }) {
  if (state.kind === 'held') {
    return (
      <span class="dim">
        goes on <Time at={state.until} />: {state.words}
      </span>
    );
  }
  if (state.kind !== 'refused') return null;
  return (
    <span class="dim">
      <Time at={state.since} />, next try <NextTry at={state.nextTryAt} />: {state.words}
    </span>
  );
}
