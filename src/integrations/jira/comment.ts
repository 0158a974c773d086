import { z } from 'zod';
import { aborted } from '../../lib/provider-errors.js';
import type { CallOptions, OutboundComment, PushedComment, TicketRef } from '../port.js';
import type { JiraClient } from './client.js';
import { commentPages } from './comments.js';
import { isId, issuePath } from './names.js';
import { ourProperty } from './settings.js';
import { byline, document } from './text/document.js';

const pushedSchema = z.object({ id: z.string().refine(isId) });

/** No clock is further off than this: ours is not among comments that are older than it by more. */
const clockSlackMs = 60 * 60_000;

/** Puts a comment on an issue, once: it bears our id, and is looked for by that before it is put there again. */
export function createComment(jira: JiraClient) {
  async function find(path: string, id: string, { occurredAt }: OutboundComment, signal: AbortSignal) {
    for await (const page of commentPages(jira, path, '-created', signal)) {
      const found = page.find(({ ours }) => ours === id);
      if (found) return found.id;
      const oldest = page.at(-1)?.created;
      if (oldest && oldest.getTime() < occurredAt.getTime() - clockSlackMs) return null;
    }
    return null;
  }

  return async (
    ticket: TicketRef,
    comment: OutboundComment,
    { repeated, signal }: CallOptions,
  ): Promise<PushedComment> => {
    if (signal.aborted) throw aborted();
    const path = issuePath(ticket);
    const id = comment.id ?? comment.key;
    const before = repeated ? await find(path, id, comment, signal) : null;
    if (before !== null) return { externalCommentId: before, echo: null };
    const body = document(comment.body, { before: byline(comment.author) });
    const properties = [{ key: ourProperty, value: { comment_id: id } }];
    const made = await jira.post(`${path}/comment`, { body, properties }, pushedSchema, signal);
    return { externalCommentId: made.id, echo: null };
  };
}
