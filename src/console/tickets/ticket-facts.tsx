import type { Link } from '../../tickets/links/schema.js';
import { Badge, type Tone } from '../parts/badge.js';
import { CopyableId } from '../parts/copy.js';
import { Time } from '../parts/time.js';
import { trackerNames } from './names.js';
import type { TicketState } from './state.js';

const tones: Record<Link['sync_state'], Tone> = { synced: 'good', pending: 'info', error: 'bad' };

export const SyncBadge = ({ of }: { of: Pick<Link, 'sync_state'> }) => (
  <Badge tone={tones[of.sync_state]}>{of.sync_state}</Badge>
);

/** The ticket's name, leading to it. */
export function TicketName({ of: { external_id: id, external_url: url } }: { of: Link }) {
  if (id === null) return <span class="dim">not opened yet</span>;
  if (url === null || !/^https?:\/\//i.test(url)) return <CopyableId id={id} label="ticket" />;
  return (
    <a href={url} target="_blank" rel="noopener noreferrer">
      <bdi>{id}</bdi> <span aria-hidden="true">↗</span>
      <span class="hidden"> in a new tab</span>
    </a>
  );
}

/** Where the ticket is, what it is called there, and how it stands on both sides. */
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
      <dt>Status there</dt>
      <dd>{link.external_status === null ? '–' : <bdi>{link.external_status}</bdi>}</dd>
      {link.closed_at !== null && (
        <>
          <dt>Closed here</dt>
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
            <a href={link.workflow.url}>Each step and try, in Temporal</a>
          </dd>
        </>
      )}
    </dl>
  );
}

function Provider({ link, name }: { link: Link; name: string | null }) {
  const provider = trackerNames[link.provider];
  if (link.connection_id === null) return <>{provider}</>;
  if (name === null) return <>{provider}, by a connection that was deleted</>;
  return (
    <>
      {provider}, by{' '}
      <a href="/settings/connections">
        <bdi>{name}</bdi>
      </a>
    </>
  );
}
