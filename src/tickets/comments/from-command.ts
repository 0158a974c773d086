import type { CommandDoc } from '../commands/model.js';
import type { SubjectRef } from '../subject.js';
import type { CommentDoc } from './model.js';

/** The fields of a comment that its command decides, and never its state: who upserts first makes no difference. */
export type CommentSeed = Omit<CommentDoc, '_id' | 'sync_state' | 'external_comment_id'>;

export function commentSeed(
  command: Pick<CommandDoc, 'org_id' | 'link_id' | 'at' | 'seq'>,
  subject: SubjectRef,
  text: { source: CommentDoc['source']; author: string; body: string; sub?: number },
): CommentSeed {
  return {
    org_id: command.org_id,
    subject,
    link_id: command.link_id,
    source: text.source,
    author: text.author,
    body: text.body,
    at: command.at,
    seq: command.seq,
    sub: text.sub ?? 0,
    edited_at: null,
    earlier: [],
  };
}
