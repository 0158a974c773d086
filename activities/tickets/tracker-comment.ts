import { isDuplicateKey } from '../../src/db/errors.js';
import type { CommandDoc, InboundPayload, TrackerDetails } from '../../src/tickets/commands/model.js';
import { commentSeed } from '../../src/tickets/comments/from-command.js';
import type { CommentDoc } from '../../src/tickets/comments/model.js';
import type { LinkDoc } from '../../src/tickets/links/model.js';
import { askTracker } from './ask-tracker.js';
import { reviseComment } from './comment-edit.js';
import type { Try } from './context.js';

type ReportedComment = NonNullable<InboundPayload['comment']>;
type Details = NonNullable<TrackerDetails['comment']>;

/**
 * Applies a comment that a tracker reported: a new one is added, an edited one replaces its text, and one of ours is
 * recognised.
 * Our own comment comes back by webhooks and by polling, perhaps before the answer to our POST. Commands are applied in
 * order, and ours was accepted before it was sent, so it is settled by now and has the tracker's id if the tracker
 * returns one. If it returns none, the mark in the comment identifies it, and the id is stored here.
 * @returns whether the thread changed
 */
export async function applyTrackerComment(
  run: Try,
  link: LinkDoc,
  command: CommandDoc,
  { comment: reported, tracker }: InboundPayload,
): Promise<boolean> {
  const details = tracker?.comment;
  if (!reported || !details) return false;
  const known = await findExisting(run, link, reported);
  if (known) return revise(run, known, reported, details);
  const ours = details.ours ?? (await askWhose(run, link, reported, details));
  if (ours !== null) {
    const own = await claimOwn(run, link, reported, ours);
    if (own)
      return own.external_comment_id === reported.external_comment_id && (await revise(run, own, reported, details));
  }
  if (await insert(run, link, command, reported, details)) return true;
  const existing = await findExisting(run, link, reported);
  return existing !== null && (await revise(run, existing, reported, details));
}

function findExisting(run: Try, link: LinkDoc, reported: ReportedComment): Promise<CommentDoc | null> {
  return run.store.comments
    .findOne({ link_id: link._id, external_comment_id: reported.external_comment_id })
    .lean<CommentDoc | null>()
    .exec();
}

async function revise(run: Try, known: CommentDoc, reported: ReportedComment, details: Details): Promise<boolean> {
  const change = reviseComment(known, { body: reported.body, at: details.at, isEdited: details.is_edited });
  if (change) await run.store.comments.updateOne({ _id: known._id }, { $set: change });
  // The same id means an interrupted attempt of this command stored it.
  return change?.body !== undefined || known._id === reported.id;
}

/**
 * Finds our comment by its mark, and stores the tracker's id on it, so that duplicates and edits are recognised.
 * @returns null when this link has no such comment: the mark belongs to another deployment, or is forged
 */
async function claimOwn(run: Try, link: LinkDoc, reported: ReportedComment, ours: string): Promise<CommentDoc | null> {
  const { comments } = run.store;
  const own = await comments.findOne({ _id: ours, link_id: link._id, source: 'internal' }).lean<CommentDoc | null>();
  if (own?.external_comment_id !== null) return own;
  const learnt = { external_comment_id: reported.external_comment_id, sync_state: 'synced' as const };
  await comments.updateOne({ _id: ours, external_comment_id: null }, { $set: learnt });
  return { ...own, ...learnt };
}

/** The tracker's clock and ours may differ by this much. */
const toleranceMs = 5 * 60_000;

/**
 * Asks the tracker for the mark of a comment when its webhook may lack it. That matters only if a comment of ours was
 * settled as refused, for example after an unreadable answer: this comment may be that one.
 */
async function askWhose(run: Try, link: LinkDoc, reported: ReportedComment, details: Details): Promise<string | null> {
  const lost = await run.store.comments
    .findOne({ link_id: link._id, source: 'internal', sync_state: 'error', external_comment_id: null })
    .lean<CommentDoc | null>();
  if (!lost) return null;
  const since = new Date((details.at ?? lost.at).getTime() - toleranceMs);
  const owner = await askTracker(run, link, 'question for the author of a comment', (tracker, ticket, options) =>
    tracker.commentsSince(ticket, since, options),
  );
  return owner?.find(({ externalCommentId }) => externalCommentId === reported.external_comment_id)?.ours ?? null;
}

/** @returns false when the thread already has the comment */
async function insert(
  run: Try,
  link: LinkDoc,
  command: CommandDoc,
  reported: ReportedComment,
  details: Details,
): Promise<boolean> {
  const seed = commentSeed(command, link.subject, { source: 'external', author: reported.author, body: reported.body });
  const made: CommentDoc = {
    ...seed,
    _id: reported.id,
    external_comment_id: reported.external_comment_id,
    sync_state: 'synced',
    edited_at: details.is_edited ? (details.at ?? command.at) : null,
    external_at: details.at,
  };
  try {
    await run.store.comments.create([made]);
    return true;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    return false;
  }
}
