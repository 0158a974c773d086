import { newId } from '../../lib/ids.js';
import { clip } from '../../lib/display-text.js';
import type { TrackerComment, TrackerNews, TrackerStatus } from '../../integrations/tracker-side.js';
import type { InboundPayload } from '../commands/model.js';
import type { InboundScope } from './scope.js';
import { mappedStatus } from './status-map.js';

/** A write to a ticket that is to be accepted. */
export interface InboundWrite {
  /** The same for the same piece of news, so that it is applied once; null where its sender gives none. */
  eventId: string | null;
  payload: InboundPayload;
}

type Mapping = Pick<InboundScope, 'statusMap' | 'settings' | 'name'>;

/** In UTF-16 units: as long as ours may be. */
const longest = { author: 200, body: 32_000, status: 200 };

/**
 * What a webhook's news are to do: one write for its status and first comment, and one for each comment more, whose event
 * ids end with `#2`, `#3`…
 */
export function writesOf(news: TrackerNews, scope: Mapping): InboundWrite[] {
  const [first, ...more] = news.comments;
  if (!first && !news.status) return [];
  const nth = (number: number) => (news.eventId === null ? null : `${news.eventId}#${number}`);
  return [
    { eventId: news.eventId, payload: payloadOf(news, scope, first ?? null, news.status) },
    ...more.map((comment, index) => ({ eventId: nth(index + 2), payload: payloadOf(news, scope, comment, null) })),
  ];
}

/** What a look at a ticket found: the status of its time. @param confirm whether a look may be behind the tracker */
export function statusWrite(
  { status, updatedAt }: { status: TrackerStatus; updatedAt: Date },
  scope: Mapping,
  confirm: boolean,
): InboundWrite {
  return {
    eventId: `poll/status/${status.id}/${updatedAt.getTime()}`,
    payload: payloadOf({ occurredAt: updatedAt }, scope, null, status, confirm),
  };
}

/** A comment that was found. */
export function commentWrite(comment: TrackerComment, scope: Mapping): InboundWrite {
  return {
    eventId: `poll/comment/${comment.externalCommentId}/${comment.at?.getTime() ?? 'no time'}`,
    payload: payloadOf({ occurredAt: null }, scope, comment, null),
  };
}

function payloadOf(
  { occurredAt }: Pick<TrackerNews, 'occurredAt'>,
  { statusMap, settings, name }: Mapping,
  comment: TrackerComment | null,
  status: TrackerStatus | null,
  confirm = false,
): InboundPayload {
  return {
    kind: 'inbound',
    comment: comment && {
      id: newId('cmt'),
      external_comment_id: comment.externalCommentId,
      author: clip(comment.author, longest.author) || name,
      body: clip(comment.body, longest.body),
    },
    status: status && clip(status.name, longest.status),
    occurred_at: occurredAt,
    tracker: {
      comment: comment && { at: comment.at, is_edited: comment.isEdited, ours: comment.ours },
      status: status && {
        id: status.id,
        is_done: status.isDone,
        subject_status: mappedStatus(statusMap, status),
        on_reopen: settings.onReopen,
        confirm,
      },
    },
  };
}
