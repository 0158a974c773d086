import type { CommentDoc } from '../../src/tickets/comments/model.js';

/** A comment as the tracker reports it now. */
export interface ReportedComment {
  body: string;
  /** When this text was written, by the tracker's clock. */
  at: Date | null;
  isEdited: boolean;
}

type Change = Partial<Pick<CommentDoc, 'body' | 'edited_at' | 'earlier' | 'external_at'>>;

/**
 * Decides how a reported comment changes a known one. Reports arrive twice and out of order, and the same text looks
 * different in a webhook and in an API answer (wiki markup and ADF). Only a newer edit replaces the text; an older text
 * is kept as an earlier version.
 * @returns null when nothing changes
 */
export function reviseComment(comment: CommentDoc, reported: ReportedComment): Change | null {
  const knownAt = comment.external_at ?? null;
  const isSame = comment.source === 'internal' ? isOwnText(comment, reported.body) : comment.body === reported.body;
  if (isSame) return isLater(reported.at, knownAt) ? { external_at: reported.at } : null;
  if (reported.isEdited && isLater(reported.at, knownAt)) return replaceText(comment, reported);
  return keepEarlier(comment, reported, knownAt);
}

/** Without a time, the last report counts as the latest. */
const isLater = (at: Date | null, than: Date | null) => at === null || than === null || at > than;

function replaceText(comment: CommentDoc, { body, at }: ReportedComment): Change {
  const editedAt = at ?? new Date();
  const before = { body: comment.body, at: comment.edited_at ?? comment.external_at ?? comment.at };
  return { body, edited_at: editedAt, external_at: at, earlier: inOrder([...comment.earlier, before]) };
}

/**
 * Keeps a text that is older than the current one: the original of a comment whose edit arrived first, or an overtaken
 * edit.
 */
function keepEarlier(comment: CommentDoc, { body, at }: ReportedComment, knownAt: Date | null): Change | null {
  if (comment.edited_at === null || at === null || knownAt === null || at >= knownAt) return null;
  // A webhook and an API answer report the same text with the same time.
  if (comment.earlier.some((one) => one.body === body || one.at.getTime() === at.getTime())) return null;
  return { earlier: inOrder([...comment.earlier, { body, at }]) };
}

/**
 * The number of earlier versions that are kept, the newest first. A document is limited to 16 MB, and a tracker may
 * edit a comment any number of times.
 */
export const maxEarlier = 50;

const inOrder = (texts: CommentDoc['earlier']) =>
  texts.sort((one, other) => one.at.getTime() - other.at.getTime()).slice(-maxEarlier);

/** The longest line, such as «Ann Miller wrote in Drawbridge:», that the tracker shows before our text. */
const maxPrefixLength = 60;

/** Whether this is our own text as the tracker shows it: without markup, and after a line with its author. */
function isOwnText({ body, author }: CommentDoc, shown: string): boolean {
  const [ours, theirs] = [normalize(body), normalize(shown)];
  return theirs.endsWith(ours) && theirs.length - ours.length <= normalize(author).length + maxPrefixLength;
}

/** Letters and digits only, which are the same in every markup. */
const normalize = (text: string) => text.replace(/[^\p{L}\p{N}]+/gu, '').toLowerCase();
