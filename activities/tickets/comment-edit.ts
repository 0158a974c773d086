import type { CommentDoc } from '../../src/tickets/comments/model.js';

/** A comment as the tracker tells it now. */
export interface ReportedComment {
  body: string;
  /** The tracker's clock: when this text was written. */
  at: Date | null;
  isEdited: boolean;
}

type Change = Partial<Pick<CommentDoc, 'body' | 'edited_at' | 'earlier' | 'external_at'>>;

/**
 * What the thread makes of a comment that it has, when the tracker tells it again. News come doubled and out of order, and
 * one text reads differently in a webhook and in an answer (wiki and ADF): only an edit that is newer replaces the text, and
 * an older text than that which stands here is kept as an earlier one.
 * @returns null when nothing changes
 */
export function reviseComment(comment: CommentDoc, reported: ReportedComment): Change | null {
  const knownAt = comment.external_at ?? null;
  const isSame = comment.source === 'internal' ? isOwnText(comment, reported.body) : comment.body === reported.body;
  if (isSame) return isLater(reported.at, knownAt) ? { external_at: reported.at } : null;
  if (reported.isEdited && isLater(reported.at, knownAt)) return replaceText(comment, reported);
  return keepEarlier(comment, reported, knownAt);
}

/** Without a time the last that comes is the last that was said. */
const isLater = (at: Date | null, than: Date | null) => at === null || than === null || at > than;

function replaceText(comment: CommentDoc, { body, at }: ReportedComment): Change {
  const editedAt = at ?? new Date();
  const before = { body: comment.body, at: comment.edited_at ?? comment.external_at ?? comment.at };
  return { body, edited_at: editedAt, external_at: at, earlier: inOrder([...comment.earlier, before]) };
}

/** The first text of a comment whose edit came first, or an edit that a later one has overtaken. */
function keepEarlier(comment: CommentDoc, { body, at }: ReportedComment, knownAt: Date | null): Change | null {
  if (comment.edited_at === null || at === null || knownAt === null || at >= knownAt) return null;
  // The same text as a webhook and as an answer has one time.
  if (comment.earlier.some((one) => one.body === body || one.at.getTime() === at.getTime())) return null;
  return { earlier: inOrder([...comment.earlier, { body, at }]) };
}

/** A document ends at 16 MB, and a tracker may edit one comment for ever: the newest are kept. */
export const maxEarlier = 50;

const inOrder = (texts: CommentDoc['earlier']) =>
  texts.sort((one, other) => one.at.getTime() - other.at.getTime()).slice(-maxEarlier);

/** A line such as «Ann Miller wrote in Drawbridge:» stands before it over there. */
const maxPrefixLength = 60;

/** Whether this is our own text as the tracker shows it: without its markup, and with its author before it. */
function isOwnText({ body, author }: CommentDoc, shown: string): boolean {
  const [ours, theirs] = [normalize(body), normalize(shown)];
  return theirs.endsWith(ours) && theirs.length - ours.length <= normalize(author).length + maxPrefixLength;
}

/** Letters and digits alone: what is left of a text however it is marked up. */
const normalize = (text: string) => text.replace(/[^\p{L}\p{N}]+/gu, '').toLowerCase();
