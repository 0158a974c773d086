import { trusted } from '../../db/schema-options.js';
import type { TrackedTicket, TrackerComment } from '../../integrations/tracker-side.js';
import { appendCommand } from '../commands/append.js';
import type { CommentDoc } from '../comments/model.js';
import { commentWrite, statusWrite } from '../inbound/from-remote-change.js';
import type { InboundScope } from '../inbound/scope.js';
import type { LinkDoc } from '../links/model.js';
import type { TicketStore } from '../store.js';

/** A ticket, and its comments of late. */
export interface TakeOver {
  ticket: TrackedTicket;
  comments: readonly TrackerComment[];
}

/**
 * Turns what is not known yet into commands. A status is applied when a look has confirmed it: what a search says may be
 * behind, and behind a webhook.
 * @returns how many there were
 */
export async function takeOver(
  store: TicketStore,
  scope: InboundScope,
  link: LinkDoc,
  { ticket, comments }: TakeOver,
): Promise<{ comments: number; statuses: number }> {
  const hasChanged = ticket.status.name !== link.external_status;
  const fresh = await unknownOf(store, link, comments);
  const append = async (write: Parameters<typeof appendCommand>[2]) =>
    (await appendCommand(store.commands, link, write)).added ? 1 : 0;
  const taken = { comments: 0, statuses: 0 };
  for (const comment of fresh) taken.comments += await append(commentWrite(comment, scope));
  if (hasChanged) taken.statuses += await append(statusWrite(ticket, scope, link.external_status !== null));
  return taken;
}

/** Those that the thread does not have, or not with this edit. */
async function unknownOf(
  { comments: thread }: TicketStore,
  link: LinkDoc,
  incoming: readonly TrackerComment[],
): Promise<TrackerComment[]> {
  if (incoming.length === 0) return [];
  const ids = incoming.map(({ externalCommentId }) => externalCommentId);
  const known = await thread
    .find({ link_id: link._id, external_comment_id: trusted({ $in: ids }) })
    .lean<CommentDoc[]>();
  const byId = new Map(known.map((comment) => [comment.external_comment_id, comment]));
  return incoming.filter((comment) => {
    const one = byId.get(comment.externalCommentId);
    return !one || isNewEdit(one, comment);
  });
}

function isNewEdit({ external_at: knownAt }: CommentDoc, { isEdited, at }: TrackerComment): boolean {
  if (!isEdited) return false;
  return knownAt === null || knownAt === undefined || at === null || at > knownAt;
}
