import { z } from 'zod';
import { example } from '../../http/example-values.js';
import { pageOf } from '../../http/paging.js';
import { createdAt, timestamp } from '../../http/schema.js';

export const commentBodySchema = z.string().min(1).max(32_000).meta({ description: 'The text, in Markdown.' });

export const newCommentSchema = z
  .strictObject({ body: commentBodySchema })
  .meta({ id: 'NewComment', description: 'A new comment.' });

export const commentSchema = z
  .strictObject({
    id: z.string().meta({ description: 'The id of the comment.' }),
    source: z.enum(['internal', 'external']).meta({ description: '`external`: it was written in the tracker.' }),
    author: z.string().meta({ description: 'Who wrote it.' }),
    body: z.string().meta({ description: 'The text.' }),
    external_comment_id: z.string().nullable().meta({ description: 'Its id in the tracker, where there is one.' }),
    sync_state: z
      .enum(['synced', 'pending', 'error'])
      .nullable()
      .meta({ description: 'Whether the tracker has it. Null: it was written without a ticket, and is not pushed.' }),
    created_at: createdAt,
    edited_at: timestamp.nullable().meta({ description: 'When it was last edited in the tracker; null: never.' }),
  })
  .meta({ id: 'Comment', description: 'A comment of the thread that both sides share.' });

export type Comment = z.infer<typeof commentSchema>;

export const addedCommentSchema = commentSchema
  .extend({ echo: commentSchema.nullable().meta({ description: 'What the tracker answered with, if it did.' }) })
  .meta({ id: 'AddedComment', description: 'A new comment, and the answer of the tracker.' });

export const commentListSchema = pageOf(commentSchema, 'CommentList');

export const commentExample: Comment = {
  id: example.comment,
  source: 'internal',
  author: 'Ada Reviewer',
  body: 'The export is attached.',
  external_comment_id: '10042',
  sync_state: 'synced',
  created_at: example.at,
  edited_at: null,
};
