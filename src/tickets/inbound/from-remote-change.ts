import { newId } from '../../lib/ids.js';
import { clip } from '../../lib/display-text.js';
import type { TrackerComment, RemoteChange, TrackerStatus } from '../../integrations/tracker-side.js';
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
const maxLengths = { author: 200, body: 32_000, status: 200 };

/**
 * What a webhook's news are to do: one write for its status and first comment, and one for each comment more, whose event
 * ids end with `#2`, `#3`…
 */
export function writesOf(change: RemoteChange, scope: Mapping): InboundWrite[] {
  const [first, ...more] = change.comments;
  if (!first && !change.status) return [];
  const eventIdOf = (number: number) => (change.eventId === null ? null : `${change.eventId}#${number}`);
  return [
    { eventId: change.eventId, payload: payloadOf(change, scope, first ?? null, change.status) },
    ...more.map((comment, index) => ({
      eventId: eventIdOf(index + 2),
      payload: payloadOf(change, scope, comment, null),
    })),
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
  { occurredAt }: Pick<RemoteChange, 'occurredAt'>,
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
      author: clip(comment.author, maxLengths.author) || name,
      body: clip(comment.body, maxLengths.body),
    },
    status: status && clip(status.name, maxLengths.status),
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
