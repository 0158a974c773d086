import { z } from 'zod';
import { pageOf } from '../../http/paging.js';
import { timestamp } from '../../http/schema.js';

export const commentBodySchema = z.string().min(1).max(32_000);

export const newCommentSchema = z.strictObject({ body: commentBodySchema }).meta({ id: 'NewComment' });

export const commentSchema = z
  .strictObject({
    id: z.string(),
    source: z.enum(['internal', 'external']),
    author: z.string(),
    body: z.string(),
    external_comment_id: z.string().nullable(),
    sync_state: z
      .enum(['synced', 'pending', 'error'])
      .nullable()
      .describe('Null: made without a ticket, and not pushed.'),
    created_at: timestamp,
    edited_at: timestamp.nullable(),
  })
  .meta({ id: 'Comment' });

export type Comment = z.infer<typeof commentSchema>;

export const addedCommentSchema = commentSchema
  .extend({ echo: commentSchema.nullable().describe('What the tracker answered with, if it did.') })
  .meta({ id: 'AddedComment' });

export const commentListSchema = pageOf(commentSchema);
