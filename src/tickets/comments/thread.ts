import type { Model } from 'mongoose';
import { z } from 'zod';
import { decodeCursor } from '../../http/paging.js';
import { trusted } from '../../db/schema-options.js';
import type { SubjectRef } from '../subject.js';
import type { CommentDoc } from './model.js';

/** The furthest time from 1970 that a Date can be, in both directions. */
const maxDateMs = 8.64e15;

/** The place of a comment in its thread: time (ms), seq, sub, id. */
const threadCursorSchema = z.tuple([
  z.number().int().min(-maxDateMs).max(maxDateMs),
  z.number().int(),
  z.number().int(),
  z.string(),
]);
export type ThreadCursor = z.infer<typeof threadCursorSchema>;

/** @throws 422 for what is no cursor of a thread */
export const readCursor = (text: string | undefined): ThreadCursor | null =>
  text === undefined ? null : decodeCursor(text, threadCursorSchema);

export const threadCursor = (comment: CommentDoc): ThreadCursor => [
  comment.at.getTime(),
  comment.seq,
  comment.sub,
  comment._id,
];

/** @returns one more comment than `limit` when there are more, oldest first */
export function readThread(
  comments: Model<CommentDoc>,
  orgId: string,
  subject: SubjectRef,
  limit: number,
  after: ThreadCursor | null,
): Promise<CommentDoc[]> {
  const thread = { org_id: orgId, 'subject.type': subject.type, 'subject.id': subject.id };
  return comments
    .find(after === null ? thread : { ...thread, $or: behind(after) })
    .sort({ at: 1, seq: 1, sub: 1, _id: 1 })
    .limit(limit + 1)
    .lean<CommentDoc[]>()
    .exec();
}

/** @returns as `readThread` does, of what stands before the cursor: newest first */
export function readThreadBackwards(
  comments: Model<CommentDoc>,
  orgId: string,
  subject: SubjectRef,
  limit: number,
  before: ThreadCursor | null,
): Promise<CommentDoc[]> {
  const thread = { org_id: orgId, 'subject.type': subject.type, 'subject.id': subject.id };
  return comments
    .find(before === null ? thread : { ...thread, $or: aheadOf(before) })
    .sort({ at: -1, seq: -1, sub: -1, _id: -1 })
    .limit(limit + 1)
    .lean<CommentDoc[]>()
    .exec();
}

/** Behind the cursor: equal in the first fields, greater in the next. */
function behind([time, seq, sub, id]: ThreadCursor) {
  const at = new Date(time);
  return [
    { at: trusted({ $gt: at }) },
    { at, seq: trusted({ $gt: seq }) },
    { at, seq, sub: trusted({ $gt: sub }) },
    { at, seq, sub, _id: trusted({ $gt: id }) },
  ];
}

function aheadOf([time, seq, sub, id]: ThreadCursor) {
  const at = new Date(time);
  return [
    { at: trusted({ $lt: at }) },
    { at, seq: trusted({ $lt: seq }) },
    { at, seq, sub: trusted({ $lt: sub }) },
    { at, seq, sub, _id: trusted({ $lt: id }) },
  ];
}
