import type { EscalationDoc, HistoryEntry } from '../../src/escalations/model.js';
import type { SlaClock } from '../../workflows/contracts/escalation.js';
import { nextDue, overdue } from '../../src/escalations/sla.js';
import type { Actor } from '../../src/http/caller.js';
import { escalationNotFound } from '../failures.js';
import type { EscalationActivityDeps } from './context.js';
import type { LinkDoc } from '../../src/tickets/links/model.js';
import { emit } from './emit.js';
import { enqueueNotifications } from './enqueue-notifications.js';
import { commentOnTicket, isUntouched, liveLink, openTicket, settleTicket } from './ticket.js';
import type { EscalationDrain, EscalationState } from '../../workflows/contracts/escalation.js';

/**
 * Performs what follows from every unprocessed history entry, in order, expired SLA clocks included.
 * Safe to run twice: each write has an id that derives from the entry.
 */
export async function drainEscalation(deps: EscalationActivityDeps, escalationId: string): Promise<EscalationDrain> {
  const { store } = deps;
  const found = await store.change({ _id: escalationId }, overdue);
  if (!found) throw escalationNotFound();
  let escalation = found;
  let link = await liveLink(deps, escalation);
  for (const entry of found.history) {
    if (entry.seq <= escalation.applied_seq) continue;
    await deps.atPoint?.('before_entry', escalation);
    if (entry.kind === 'raised') {
      if (escalation.terms.open_ticket) {
        await openTicket(deps, escalation);
        link = await liveLink(deps, escalation);
      }
      await deps.atPoint?.('after_ticket', escalation);
    }
    await apply(deps, link, escalation, entry);
    await deps.atPoint?.('after_entry', escalation);
    escalation = (await store.moveTo(escalation, entry.seq)) ?? escalation;
    deps.metrics?.entryApplied(entry.kind);
  }
  const due = nextDue(escalation);
  const isDone = await store.rest(escalation, due?.dueAt ?? null);
  return {
    state: stateOf(escalation, due, link?._id ?? null, !isDone),
    ticket: link && isUntouched(link) ? { linkId: link._id, provider: link.provider } : null,
    channels: await deps.outbox.dueChannels(escalation.org_id, escalation._id),
  };
}

async function apply(
  deps: EscalationActivityDeps,
  link: LinkDoc | null,
  escalation: EscalationDoc,
  entry: HistoryEntry,
): Promise<void> {
  switch (entry.kind) {
    case 'raised':
      await emit(deps, 'escalation.created', link, escalation, entry);
      return enqueueNotifications(deps, 'created', link, escalation, entry);
    case 'claimed':
      await commentOnTicket(deps, link, escalation, entry);
      return enqueueNotifications(deps, 'claimed', link, escalation, entry);
    case 'released':
    case 'noted':
      return commentOnTicket(deps, link, escalation, entry);
    case 'overdue':
      return enqueueNotifications(deps, 'overdue', link, escalation, entry);
    case 'resolved':
      await settleTicket(deps, link, escalation, entry);
      await emit(deps, 'escalation.resolved', link, escalation, entry);
      return enqueueNotifications(deps, 'resolved', link, escalation, entry);
  }
}

function stateOf(
  escalation: EscalationDoc,
  due: { clock: SlaClock; dueAt: Date } | null,
  ticketLink: string | null,
  more: boolean,
): EscalationState {
  return {
    appliedSeq: escalation.applied_seq,
    kind: escalation.kind,
    status: escalation.status,
    severity: escalation.severity,
    breached: escalation.breached,
    nextDueAt: due?.dueAt.getTime() ?? null,
    nextClock: due?.clock ?? null,
    claimedBy: idOf(escalation.claimed_by),
    resolvedBy: idOf(escalation.resolved_by),
    resolution: escalation.resolution,
    ticketLink,
    more,
  };
}

/**
 * An actor's id for the history. An id that looks like an email address or like text stays in MongoDB; the key's id
 * replaces it.
 */
function idOf(actor: Actor | null): string | null {
  if (!actor) return null;
  return /^[\w.:-]{1,64}$/.test(actor.id) ? actor.id : actor.via;
}
