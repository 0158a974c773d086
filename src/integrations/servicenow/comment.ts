import type { CallOptions, OutboundComment, PushedComment, TicketRef } from '../port.js';
import { findPushed, findWritten } from './journal.js';
import { asError, field, type Row } from './rows.js';
import { closed } from './states.js';
import { commentText } from './text.js';
import { sysIdOf, ticketFields, type TicketContext } from './tickets.js';

/**
 * Writes a comment into a ticket's journal. The write gives no id, so the entry is read back by its mark; where an ACL
 * hides the journal the id stays unknown.
 *
 * A repetition looks for the mark first. Where nothing is shown, whether it arrived cannot be known, and it is written
 * again: a comment that is there twice is a nuisance that people see, one that is lost is evidence that nobody misses.
 * @throws ProviderError, final: `ticket_closed`
 */
export async function pushComment(
  context: TicketContext,
  element: 'comments' | 'work_notes',
  ticket: TicketRef,
  comment: OutboundComment,
  { signal, repeated }: CallOptions,
): Promise<PushedComment> {
  const id = comment.id ?? comment.key;
  const sysId = await sysIdOf(context, ticket, signal);
  const earlier = repeated ? await findPushed(context, sysId, { id, since: comment.occurredAt }, signal) : null;
  if (earlier) return pushed(earlier);
  const values = { [element]: commentText(comment, id) };
  const answer = await context.api.update(context.table, sysId, values, ticketFields, signal);
  const entry = await findWritten(context, sysId, id, signal);
  // What is written to a closed ticket is dropped, with 200.
  if (!entry && field(answer, 'state') === closed) {
    throw asError('ticket_closed', `ServiceNow dropped the comment: ${ticket.externalId} is Closed and takes no more.`);
  }
  return pushed(entry);
}

const pushed = (entry: Row | null): PushedComment => ({
  externalCommentId: entry && field(entry, 'sys_id'),
  echo: null,
});
