import { z } from 'zod';
import { page, pagingQuery } from '../../http/paging.js';
import { example } from '../../http/example-values.js';
import { answer, defineRoute, type Route } from '../../http/route.js';
import { itemParams } from '../../http/schema.js';
import { actorOf } from '../../http/caller.js';
import { subjectNames, type SubjectType } from '../subject.js';
import { presentComment } from './presenter.js';
import { addedCommentSchema, commentExample, commentListSchema, newCommentSchema } from './schema.js';
import type { CommentService } from './service.js';
import { readCursor, threadCursor } from './thread.js';

/** The thread under one kind of subject. @param base such as `/orgs/{org}/evidence-requests/{id}` */
export function commentRoutes(base: string, type: SubjectType, comments: CommentService): Route[] {
  const tag = 'Ticket Sync';
  const { id: idPart, label } = subjectNames[type];
  const params = itemParams(label, type === 'escalation' ? example.escalation : example.evidenceRequest);
  return [
    defineRoute({
      id: `list${idPart}Comments`,
      method: 'get',
      path: `${base}/comments`,
      tag,
      summary: `List the comments of an ${label}`,
      description: 'The thread of both sides. The oldest comment comes first.',
      access: 'read',
      params,
      query: z.strictObject(pagingQuery),
      responses: {
        200: answer('A page of comments.', commentListSchema, { data: [commentExample], next_cursor: null }),
      },
      errors: [],
      handler: async ({ params: { org, id }, query }) => {
        const found = await comments.list(org, { type, id }, query.limit, readCursor(query.cursor));
        const { data, next_cursor } = page(found, query.limit, threadCursor);
        return { status: 200, body: { data: data.map(presentComment), next_cursor } };
      },
    }),
    defineRoute({
      id: `create${idPart}Comment`,
      method: 'post',
      path: `${base}/comments`,
      audit: { action: 'comment.created', subject: `${base}/comments/{comment_id}` },
      tag,
      summary: `Comment on an ${label}`,
      description:
        'With a ticket, the comment is pushed to the tracker, and the answer waits for that up to `TICKET_WAIT_MS`; after that `sync_state` is `pending`. A comment that the tracker refuses stays in the thread with `error`, and the answer is 502.',
      access: 'read',
      params,
      body: newCommentSchema,
      bodyExample: { body: commentExample.body },
      responses: {
        201: answer('The comment, and what the tracker answered with.', addedCommentSchema, {
          ...commentExample,
          echo: null,
        }),
      },
      errors: ['provider_error', 'provider_not_configured', 'connection_gone', 'connection_sealed'],
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
