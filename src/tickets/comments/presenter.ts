import type { CommentDoc } from './model.js';
import type { Comment } from './schema.js';

/** A comment as callers see it; only what is named here leaves. */
export function presentComment(comment: CommentDoc): Comment {
  return {
    id: comment._id,
    source: comment.source,
    author: comment.author,
    body: comment.body,
    external_comment_id: comment.external_comment_id,
    sync_state: comment.sync_state,
    created_at: comment.at.toISOString(),
    edited_at: comment.edited_at?.toISOString() ?? null,
  };
}
