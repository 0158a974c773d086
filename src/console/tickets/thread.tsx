import type { ToldComment } from '../../tickets/comments/told.js';
import { clip } from '../../lib/display-text.js';
import { Badge } from '../parts/badge.js';
import { Time } from '../parts/time.js';
import { trackerNames } from './names.js';
import type { TicketState } from './state.js';

/** In UTF-16 units: what is longer is folded after that much. */
const shownAtOnce = 1_200;

/** Both sides, oldest first. @param page of the subject, which shows earlier parts by `?before=` */
export function Thread({ page, state: { thread, before } }: { page: string; state: TicketState }) {
  if (thread.comments.length === 0 && before === undefined) return null;
  return (
    <>
      <h3>Thread</h3>
      {thread.earlier !== null && (
        <p>
          <a href={`${page}?before=${thread.earlier}#ticket`}>Earlier comments</a>
        </p>
      )}
      <ol class="timeline thread">
        {thread.comments.map((told) => (
          <Entry key={told.comment._id} told={told} />
        ))}
      </ol>
      {before !== undefined && (
        <p>
          <a href={`${page}#ticket`}>Newest comments</a>
        </p>
      )}
    </>
  );
}

function Entry({ told }: { told: ToldComment }) {
  const { comment, ticket, refusal } = told;
  const there = ticket ? trackerNames[ticket.provider] : 'Tracker';
  return (
    <li>
      <p class="by">
        <strong>
          <bdi>{comment.author}</bdi>
        </strong>{' '}
        <span class="source">{comment.source === 'internal' ? 'here' : there}</span> <Time at={comment.at} />
        {comment.edited_at !== null && (
          <span class="dim">
            edited <Time at={comment.edited_at} />
          </span>
        )}
        {comment.source === 'internal' && <Pushed told={told} there={there} />}
      </p>
      {refusal !== null && <p class="error text">{refusal}</p>}
      <Body text={comment.body} />
    </li>
  );
}

/** How far one of ours has got. */
function Pushed({ told: { comment, isHeld }, there }: { told: ToldComment; there: string }) {
  switch (comment.sync_state) {
    case 'synced':
      return <Badge tone="good">{`in ${there}`}</Badge>;
    case 'pending':
      return <Badge tone="info">{isHeld ? 'pending: waits for the ticket' : 'pending'}</Badge>;
    case 'error':
      return <Badge tone="bad">{`refused by ${there}`}</Badge>;
    case null:
      return <Badge tone="neutral">not pushed</Badge>;
  }
}

function Body({ text }: { text: string }) {
  if (text.length <= shownAtOnce) return <p class="text">{text}</p>;
  return (
    <div class="long">
      <p class="text beginning">{clip(text, shownAtOnce / 3)}</p>
      <details>
        <summary>{`All ${text.length.toLocaleString('en')} characters`}</summary>
        <p class="text">{text}</p>
      </details>
    </div>
  );
}
