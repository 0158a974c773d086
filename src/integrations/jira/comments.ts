import { z } from 'zod';
import { boundedArray, boundedPages } from '../bounded-pages.js';
import { ProviderError } from '../../lib/provider-errors.js';
import type { JiraClient } from './client.js';
import { isId } from './names.js';
import { ourProperty } from './settings.js';
import { readableText } from './text/readable.js';
import { timeOf } from './time.js';

/** A comment as the REST API and the webhooks show it. */
export const commentSchema = z
  .object({
    id: z.coerce.string().refine(isId),
    author: z
      .object({ displayName: z.string().optional().catch(undefined) })
      .nullish()
      .catch(null),
    body: z.unknown().optional(),
    created: z.string().optional().catch(undefined),
    updated: z.string().optional().catch(undefined),
    properties: boundedArray(z.object({ key: z.string(), value: z.unknown().optional() }))
      .optional()
      .catch(undefined),
  })
  .transform(({ id, author, body, created, updated, properties }) => ({
    id,
    // Cloud strips names where people do not show theirs.
    author: nameOf(author?.displayName),
    text: readableText(body),
    created: timeOf(created),
    updated: timeOf(updated) ?? timeOf(created),
    ours: ownId(properties?.find(({ key }) => key === ourProperty)?.value),
  }));
export type JiraComment = z.infer<typeof commentSchema>;

const nameOf = (name: string | undefined) => (name === undefined || name.trim() === '' ? 'Jira user' : name.trim());

function ownId(value: unknown): string | null {
  return z.object({ comment_id: z.string().min(1).max(255) }).safeParse(value).data?.comment_id ?? null;
}

const pageSchema = z.object({ total: z.number(), comments: boundedArray(commentSchema) });

const largestPage = 50;

/** An issue's comments, page after page. @throws ProviderError, also where the list goes beyond its bounds */
export function commentPages(
  jira: JiraClient,
  path: string,
  orderBy: 'created' | '-created',
  signal: AbortSignal,
): AsyncGenerator<readonly JiraComment[]> {
  let maxResults = largestPage;
  return boundedPages<JiraComment, number>({
    what: 'comments of an issue',
    async fetch(startAt = 0, meter) {
      for (;;) {
        const query = { expand: 'properties', orderBy, startAt, maxResults };
        try {
          const { comments, total } = await jira.get(`${path}/comment`, pageSchema, signal, query, meter);
          // An empty page that is not the last one must not be asked for again.
          const next = startAt + (comments.length || maxResults);
          return { items: comments, next: next < total ? next : null };
        } catch (error) {
          // A page of long comments may be more than is read of an answer.
          const mayBeLong = error instanceof ProviderError && error.code === 'answer_unreadable' && maxResults > 1;
          if (!mayBeLong) throw error;
          maxResults = Math.ceil(maxResults / 4);
        }
      }
    },
  });
}
