import type { Link } from '../../tickets/links/schema.js';
import { CopyableId } from '../parts/copy.js';
import { Time } from '../parts/time.js';
import { trackerNames } from './labels.js';
import type { TicketState } from './state.js';

/** The ticket's id, as a link to the tracker. */
function TicketName({ of: { external_id: id, external_url: url } }: { of: Link }) {
  if (id === null) return <span class="dim">not opened yet</span>;
  if (url === null || !/^https?:\/\//i.test(url)) return <CopyableId id={id} label="ticket" />;
  return (
    <a href={url} target="_blank" rel="noopener noreferrer">
      <bdi>{id}</bdi> <span aria-hidden="true">↗</span>
      <span class="hidden"> in a new tab</span>
    </a>
  );
}

export function TicketFacts({ link, state }: { link: Link; state: TicketState }) {
  return (
    <dl class="facts">
      <dt>Provider</dt>
      <dd>
        <Provider link={link} name={state.connectionName} />
      </dd>
      <dt>Ticket</dt>
      <dd>
        <TicketName of={link} />
      </dd>
      <dt>Status in the tracker</dt>
      <dd>{link.external_status === null ? '–' : <bdi>{link.external_status}</bdi>}</dd>
      {link.closed_at !== null && (
        <>
          <dt>Closed</dt>
          <dd>
            <Time at={new Date(link.closed_at)} />
          </dd>
        </>
      )}
      <dt>Last synced</dt>
      <dd>{link.last_synced_at === null ? 'never' : <Time at={new Date(link.last_synced_at)} />}</dd>
      {link.workflow.url !== null && (
        <>
          <dt>Workflow</dt>
          <dd>
            <a href={link.workflow.url}>All steps and attempts, in Temporal</a>
          </dd>
        </>
      )}
    </dl>
  );
}

function Provider({ link, name }: { link: Link; name: string | null }) {
  const provider = trackerNames[link.provider];
  if (link.connection_id === null) return <>{provider}</>;
  if (name === null) return <>{provider}, through a deleted connection</>;
  return (
    <>
      {provider}, through{' '}
      <a href="/settings/connections">
        <bdi>{name}</bdi>
      </a>
    </>
  );
}
