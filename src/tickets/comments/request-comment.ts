import { isDuplicateKey } from '../../db/errors.js';
import { appendCommand } from '../commands/append.js';
import type { CommandDoc } from '../commands/model.js';
import type { LinkDoc } from '../links/model.js';
import type { TicketStore } from '../store.js';
import { commentSeed } from './from-command.js';

export interface CommentRequest {
  /** `cmt_…`; the same id is the same comment, however often it is asked for. */
  commentId: string;
  author: string;
  body: string;
}

/** A comment and the command that brings it to the tracker have one id, but for its prefix. */
export const commandIdOf = (commentId: string) => commentId.replace(/^cmt_/, 'cmd_');

/**
 * Accepts a comment for a ticket: stores its command first, then its entry in the thread. It neither waits nor wakes the
 * workflow: the caller does, else the sweep.
 * @returns its command
 */
export async function requestComment(
  { commands, comments }: TicketStore,
  link: LinkDoc,
  { commentId, author, body }: CommentRequest,
): Promise<CommandDoc> {
  const { command } = await appendCommand(commands, link, {
    id: commandIdOf(commentId),
    payload: { kind: 'comment', comment_id: commentId, author, body },
  });
  const seed = commentSeed(command, link.subject, { source: 'internal', author, body });
  await comments
    .updateOne(
      { _id: commentId },
      { $setOnInsert: { ...seed, sync_state: 'pending', external_comment_id: null } },
      { upsert: true },
    )
    // The workflow was quicker, by another call's wake: it is there.
    .catch((error: unknown) => {
      if (!isDuplicateKey(error)) throw error;
    });
  return command;
}
