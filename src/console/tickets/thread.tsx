import type { ThreadEntry } from '../../tickets/comments/thread-page.js';
import { clip } from '../../lib/display-text.js';
import { Badge } from '../parts/badge.js';
import { Time } from '../parts/time.js';
import { trackerNames } from './labels.js';
import type { TicketState } from './state.js';

/** In UTF-16 units. Longer comments are folded. */
const maxUnfoldedLength = 1_200;

/** The comments of both sides, oldest first. @param props.page shows earlier comments with `?before=` */
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
        {thread.comments.map((entry) => (
          <Entry key={entry.comment._id} entry={entry} />
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

function Entry({ entry }: { entry: ThreadEntry }) {
  const { comment, ticket, refusal } = entry;
  const trackerName = ticket ? trackerNames[ticket.provider] : 'Tracker';
  return (
    <li>
      <p class="by">
        <strong>
          <bdi>{comment.author}</bdi>
        </strong>{' '}
        <span class="source">{comment.source === 'internal' ? 'here' : trackerName}</span> <Time at={comment.at} />
        {comment.edited_at !== null && (
          <span class="dim">
            edited <Time at={comment.edited_at} />
          </span>
        )}
        {comment.source === 'internal' && <SyncState entry={entry} trackerName={trackerName} />}
      </p>
      {refusal !== null && <p class="error text">{refusal}</p>}
      <Body text={comment.body} />
    </li>
  );
}

/** Whether the tracker has an internal comment. */
function SyncState({ entry: { comment, isHeld }, trackerName }: { entry: ThreadEntry; trackerName: string }) {
  switch (comment.sync_state) {
    case 'synced':
      return <Badge tone="good">{`in ${trackerName}`}</Badge>;
    case 'pending':
      return <Badge tone="info">{isHeld ? 'pending: waiting for the ticket' : 'pending'}</Badge>;
    case 'error':
      return <Badge tone="bad">{`refused by ${trackerName}`}</Badge>;
    case null:
      return <Badge tone="neutral">not sent</Badge>;
  }
}

function Body({ text }: { text: string }) {
  if (text.length <= maxUnfoldedLength) return <p class="text">{text}</p>;
  return (
    <div class="long">
      <p class="text beginning">{clip(text, maxUnfoldedLength / 3)}</p>
      <details>
        <summary>{`All ${text.length.toLocaleString('en')} characters`}</summary>
        <p class="text">{text}</p>
      </details>
    </div>
  );
}
