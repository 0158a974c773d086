import type { EscalationDoc, HistoryEntry } from '../../src/escalations/model.js';
import { reviewUrlOf } from '../../src/escalations/review-url.js';
import type { Occurrence } from '../../src/notifications/approvals/outbox/outbox.js';
import type { Moment } from '../../src/notifications/notification.js';
import type { LinkDoc } from '../../src/tickets/links/model.js';
import type { EscalationActivityDeps } from './context.js';

/** Enqueues a notification for each channel that wants this moment. */
export async function enqueueNotifications(
  { outbox, publicUrl, atPoint }: EscalationActivityDeps,
  moment: Exclude<Moment, 'budget'>,
  link: LinkDoc | null,
  escalation: EscalationDoc,
  entry: HistoryEntry,
): Promise<void> {
  const notification = notificationOf(moment, link, escalation, entry, publicUrl);
  await outbox.put(notification, { seq: entry.seq, severity: escalation.severity });
  await atPoint?.('after_outbox', escalation);
}

/** The notified part of the escalation as of that entry, without later claims or decisions. */
function notificationOf(
  moment: Exclude<Moment, 'budget'>,
  link: LinkDoc | null,
  escalation: EscalationDoc,
  entry: HistoryEntry,
  publicUrl: string,
): Occurrence {
  const { _id: id, title, severity, kind, reason, gateway, actor, policy } = escalation;
  const isResolved = moment === 'resolved';
  const claimedBy = claimerAt(escalation, entry.seq);
  return {
    key: id,
    moment,
    orgId: escalation.org_id,
    occurredAt: entry.at,
    escalation: {
      ...{ id, title, severity, kind, reason, gateway, actor, policy },
      status: isResolved ? 'resolved' : claimedBy === null ? 'open' : 'claimed',
      claimedBy,
      resolution: isResolved ? escalation.resolution : null,
      resolvedBy: isResolved ? (entry.by?.name ?? null) : null,
      breached: entry.clock,
      reviewUrl: reviewUrlOf(escalation, publicUrl),
      ticketUrl: link?.external_url ?? null,
    },
  };
}

function claimerAt({ history }: EscalationDoc, seq: number): string | null {
  const last = history.filter((one) => one.seq <= seq && (one.kind === 'claimed' || one.kind === 'released')).at(-1);
  return last?.kind === 'claimed' ? (last.by?.name ?? null) : null;
}
