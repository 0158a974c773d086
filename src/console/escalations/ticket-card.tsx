import type { PresentedEscalation } from '../../escalations/presenter.js';
import type { Link } from '../../tickets/links/schema.js';
import { Badge, type Tone } from '../parts/badge.js';
import { Time } from '../parts/time.js';

/** A comment as it stands in the thread. */
export interface ThreadEntry {
  _id: string;
  source: 'internal' | 'external';
  author: string;
  body: string;
  at: Date;
  edited_at: Date | null;
}

const tones: Record<'synced' | 'pending' | 'error', Tone> = { synced: 'good', pending: 'info', error: 'bad' };

/** The ticket in the tracker, and what is said there and here. */
export function TicketCard({
  escalation,
  thread,
}: {
  escalation: PresentedEscalation;
  thread: readonly ThreadEntry[];
}) {
  // As the tickets folder presents it; escalations only pass it on.
  const ticket = escalation.ticket as Link | null;
  return (
    <section class="card" aria-label="Ticket">
      <h2>Ticket</h2>
      {ticket === null ? (
        <p class="dim">It has none.</p>
      ) : (
        <>
          <p>
            {ticket.external_url === null ? (
              (ticket.external_id ?? 'being opened')
            ) : (
              <a href={ticket.external_url} rel="noreferrer">
                {ticket.external_id}
              </a>
            )}{' '}
            in {ticket.provider}
          </p>
          <p>
            <Badge tone={tones[ticket.sync_state]}>{ticket.sync_state}</Badge>
            {ticket.external_status !== null && <span class="dim"> {ticket.external_status}</span>}
          </p>
          {ticket.last_error !== null && <p class="error text">{ticket.last_error}</p>}
        </>
      )}
      {thread.length > 0 && (
        <ol class="timeline">
          {thread.map(({ _id, source, author, body, at, edited_at }) => (
            <li key={_id}>
              <strong>{author}</strong> <span class="dim">{source === 'internal' ? 'here' : 'in the tracker'}</span>{' '}
              <Time at={at} />
              {edited_at !== null && <span class="dim"> edited</span>}
              <p class="text">{body}</p>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
