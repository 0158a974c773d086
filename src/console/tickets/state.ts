import { createHash } from 'node:crypto';
import type { ThreadPage } from '../../tickets/comments/thread-page.js';
import type { SyncStatus } from '../../tickets/sync-status.js';

/** What the Ticket Sync section shows of one subject. */
export interface TicketState {
  status: SyncStatus;
  /** Null for the environment's tracker, and for a deleted connection. */
  connectionName: string | null;
  /** There is no ticket yet, but a workflow may be about to open one. */
  isExpected: boolean;
  /** Checked only while a change is pending. */
  isWorkerAlive: boolean;
  thread: ThreadPage;
  /** The cursor that the shown page of the thread ends at; undefined for the newest page. */
  before: string | undefined;
}

/** Whether a change is pending, so that polling makes sense. Comments behind a refused ticket wait for a person instead. */
export function isMoving({ status, thread, isExpected }: TicketState): boolean {
  if (isExpected) return true;
  if (status.link?.sync_state === 'pending') return true;
  return thread.comments.some(({ comment, isHeld }) => comment.sync_state === 'pending' && !isHeld);
}

/** Equal for an equal view. An unchanged section isn't replaced, which would disturb the reader. */
export function versionOf({ status, isExpected, isWorkerAlive, thread }: TicketState, now = new Date()): string {
  const { link, gate, due, tries, nextTryAt } = status;
  const comments = thread.comments.map(({ comment, refusal, isHeld }) => [
    comment._id,
    comment.sync_state,
    comment.edited_at,
    refusal,
    isHeld,
  ]);
  const isWaiting = nextTryAt !== null && nextTryAt > now;
  const view = JSON.stringify([link, gate, due, tries, nextTryAt, isWaiting, isExpected, isWorkerAlive, comments]);
  return createHash('sha256').update(view).digest('base64url').slice(0, 16);
}
