import { createHash } from 'node:crypto';
import type { ToldThread } from '../../tickets/comments/told.js';
import type { Outlook } from '../../tickets/outlook.js';

/** All that the section shows of one subject's ticket, and of its thread. */
export interface TicketState {
  outlook: Outlook;
  /** The name of the connection that the ticket goes through; null for the environment's tracker, and for one that was deleted. */
  connectionName: string | null;
  /** It has no ticket, and is so new that one may be opened without anybody's doing. */
  isExpected: boolean;
  /** Asked only while something is on its way. */
  isWorkerAlive: boolean;
  thread: ToldThread;
  /** The cursor that the thread is shown up to; undefined for its end. */
  before: string | undefined;
}

/** Whether something is on its way, so that looking again is worth it. What a refused ticket holds waits for a person. */
export function isMoving({ outlook, thread, isExpected }: TicketState): boolean {
  if (isExpected) return true;
  if (outlook.link?.sync_state === 'pending') return true;
  return thread.comments.some(({ comment, isHeld }) => comment.sync_state === 'pending' && !isHeld);
}

/** The same for the same view: what has not changed is not put in place again, under the hands of who reads it. */
export function versionOf({ outlook, isExpected, isWorkerAlive, thread }: TicketState, now = new Date()): string {
  const { link, gate, due, tries, nextTryAt } = outlook;
  const comments = thread.comments.map(({ comment, refusal, isHeld }) => [
    comment._id,
    comment.sync_state,
    comment.edited_at,
    refusal,
    isHeld,
  ]);
  const isWaiting = nextTryAt !== null && nextTryAt > now;
  const seen = JSON.stringify([link, gate, due, tries, nextTryAt, isWaiting, isExpected, isWorkerAlive, comments]);
  return createHash('sha256').update(seen).digest('base64url').slice(0, 16);
}
