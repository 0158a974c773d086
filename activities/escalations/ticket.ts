import type { EscalationDoc, HistoryEntry } from '../../src/escalations/model.js';
import { derivedId } from '../../src/lib/ids.js';
import { requestComment } from '../../src/tickets/comments/request-comment.js';
import { findLiveLink } from '../../src/tickets/links/find-live.js';
import type { LinkDoc } from '../../src/tickets/links/model.js';
import { openLink } from '../../src/tickets/links/open-link.js';
import { requestClose } from '../../src/tickets/links/request-close.js';
import type { EscalationActivityDeps } from './context.js';
import { ticketComment } from './messages.js';

const subjectOf = ({ _id: id }: EscalationDoc) => ({ type: 'escalation', id }) as const;

export const liveLink = ({ tickets }: EscalationActivityDeps, escalation: EscalationDoc): Promise<LinkDoc | null> =>
  findLiveLink(tickets.store, escalation.org_id, subjectOf(escalation));

/** Creates the escalation's link. The escalation workflow starts the ticket workflow. */
export async function openTicket({ tickets }: EscalationActivityDeps, escalation: EscalationDoc): Promise<void> {
  const id = derivedId('tkt', escalation._id, escalation.created_at.getTime());
  await openLink(tickets, { orgId: escalation.org_id, subject: subjectOf(escalation), id });
}

/** Comments on the ticket, if there is one, through the same thread as everybody's comments. */
export async function commentOnTicket(
  { tickets, signaler }: EscalationActivityDeps,
  link: LinkDoc | null,
  escalation: EscalationDoc,
  entry: HistoryEntry,
): Promise<void> {
  if (!link) return;
  const commentId = derivedId('cmt', `${escalation._id}/${entry.seq}`, entry.at.getTime());
  const author = entry.by?.name ?? 'Drawbridge';
  await requestComment(tickets.store, link, { commentId, author, body: ticketComment(escalation, entry) });
  wake(signaler, link);
}

/** Nobody has tried to open the ticket yet; the escalation workflow is about to start the ticket workflow. */
export const isUntouched = ({ create_status, applied_seq, tries }: LinkDoc) =>
  create_status === 'pending' && applied_seq === 0 && tries === 0;

/**
 * Does not wake a workflow that is about to be started: it reads everything itself, and started by a wake-up it would
 * not become a child.
 */
function wake(signaler: EscalationActivityDeps['signaler'], link: LinkDoc): void {
  if (!isUntouched(link)) void signaler.wake(link);
}

/** Comments the resolution on the ticket, and closes the ticket when the terms say so. */
export async function settleTicket(
  deps: EscalationActivityDeps,
  link: LinkDoc | null,
  escalation: EscalationDoc,
  entry: HistoryEntry,
): Promise<void> {
  if (!link) return;
  await commentOnTicket(deps, link, escalation, entry);
  if (escalation.terms.on_resolve !== 'close') return;
  const commandId = derivedId('cmd', `${escalation._id}/${entry.seq}/close`, entry.at.getTime());
  await requestClose(deps.tickets.store, link, { commandId });
  wake(deps.signaler, link);
}
