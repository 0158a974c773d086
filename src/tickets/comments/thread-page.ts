import { trusted } from '../../db/schema-options.js';
import { encodeCursor } from '../../http/paging.js';
import type { LinkDoc } from '../links/model.js';
import type { TicketStore } from '../store.js';
import type { SubjectRef } from '../subject.js';
import type { CommentDoc } from './model.js';
import { commandIdOf } from './request-comment.js';
import { readThreadBackwards, threadCursor, type ThreadCursor } from './thread.js';

/** A comment with what people want to know of it besides. */
export interface ThreadEntry {
  comment: CommentDoc;
  /** Why the tracker refused it, in its words. */
  refusal: string | null;
  /** It waits behind a ticket that the tracker refused. */
  isHeld: boolean;
  /** The ticket that it belongs to, which may be another than the subject has now. */
  ticket: Pick<LinkDoc, 'provider' | 'connection_id' | 'external_id'> | null;
}

export interface ThreadPage {
  /** Oldest first. */
  comments: ThreadEntry[];
  /** The cursor of what stands before them; null at the beginning of the thread. */
  earlier: string | null;
}

/** A page of a thread for people: its end, or what stands before a cursor. So many comments, and so many bytes, at most. */
export async function readThreadPage(
  { comments, commands, links }: TicketStore,
  { orgId, subject, before }: { orgId: string; subject: SubjectRef; before: ThreadCursor | null },
  max: { comments: number; bytes: number },
): Promise<ThreadPage> {
  const newestFirst = await readThreadBackwards(comments, orgId, subject, max.comments, before);
  const fitting = newestFirst.slice(0, fittingCount(newestFirst, max));
  const ofTickets = fitting.flatMap(({ link_id }) => link_id ?? []);
  const [settled, tickets] = await Promise.all([
    commands
      .find(
        { _id: trusted({ $in: fitting.filter(isOurs).map(({ _id }) => commandIdOf(_id)) }) },
        { status: 1, error: 1 },
      )
      .lean(),
    links
      .find({ _id: trusted({ $in: [...new Set(ofTickets)] }) }, { provider: 1, connection_id: 1, external_id: 1 })
      .lean<Pick<LinkDoc, '_id' | 'provider' | 'connection_id' | 'external_id'>[]>(),
  ]);
  const commandBy = new Map(settled.map((command) => [command._id, command]));
  const ticketBy = new Map(tickets.map((ticket) => [ticket._id, ticket]));
  const entries = fitting.map((comment): ThreadEntry => {
    const command = commandBy.get(commandIdOf(comment._id));
    return {
      comment,
      refusal: comment.sync_state === 'error' ? (command?.error ?? null) : null,
      isHeld: comment.sync_state === 'pending' && command?.status === 'held',
      ticket: ticketBy.get(comment.link_id ?? '') ?? null,
    };
  });
  const oldest = fitting.at(-1);
  const hasEarlier = oldest !== undefined && fitting.length < newestFirst.length;
  return { comments: entries.reverse(), earlier: hasEarlier ? encodeCursor(threadCursor(oldest)) : null };
}

/** One at least, however long it is. */
function fittingCount(newestFirst: CommentDoc[], max: { comments: number; bytes: number }): number {
  let bytes = 0;
  const tooMuch = newestFirst.findIndex(({ body }, index) => {
    bytes += Buffer.byteLength(body);
    return index === max.comments || (index > 0 && bytes > max.bytes);
  });
  return tooMuch === -1 ? newestFirst.length : tooMuch;
}

const isOurs = ({ source, link_id }: CommentDoc) => source === 'internal' && link_id !== null;
