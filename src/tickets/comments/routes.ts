import { z } from 'zod';
import { page, pagingQuery } from '../../http/paging.js';
import { defineRoute, type Route } from '../../http/route.js';
import { orgItemParams as params } from '../../http/schema.js';
import { actorOf } from '../../http/caller.js';
import type { SubjectType } from '../subject.js';
import { presentComment } from './presenter.js';
import { addedCommentSchema, commentListSchema, newCommentSchema } from './schema.js';
import type { CommentService } from './service.js';
import { readCursor, threadCursor } from './thread.js';

/** The thread under one kind of subject. @param base such as `/orgs/{org}/evidence-requests/{id}` */
export function commentRoutes(base: string, type: SubjectType, comments: CommentService): Route[] {
  const tag = 'Ticket Sync';
  return [
    defineRoute({
      method: 'get',
      path: `${base}/comments`,
      tag,
      summary: 'The comment thread',
      description: 'Both sides, oldest first.',
      access: 'read',
      params,
      query: z.strictObject(pagingQuery),
      responses: { 200: { description: 'The thread.', schema: commentListSchema } },
      handler: async ({ params: { org, id }, query }) => {
        const found = await comments.list(org, { type, id }, query.limit, readCursor(query.cursor));
        const { data, next_cursor } = page(found, query.limit, threadCursor);
        return { status: 200, body: { data: data.map(presentComment), next_cursor } };
      },
    }),
    defineRoute({
      method: 'post',
      path: `${base}/comments`,
      tag,
      summary: 'Add a comment',
      description:
        'With a ticket it is pushed to the tracker, and the answer waits for that up to `TICKET_WAIT_MS`; past it `sync_state` is `pending`. 502 `provider_error` when the tracker refuses it: it stays in the thread, as `error`.',
      access: 'read',
      params,
      body: newCommentSchema,
      responses: {
        201: { description: 'The comment, and what the tracker answered with.', schema: addedCommentSchema },
      },
      handler: async ({ params: { org, id }, body, caller, newId }) => {
        const added = await comments.add({
          orgId: org,
          subject: { type, id },
          id: newId('cmt'),
          author: actorOf(caller).name,
          body: body.body,
        });
        const echo = added.echo === null ? null : presentComment(added.echo);
        return { status: 201, body: { ...presentComment(added.comment), echo } };
      },
    }),
  ];
}
