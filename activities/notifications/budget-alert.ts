import type { ChannelDue } from '../../workflows/contracts/notifications.js';
import type { Occurrence } from '../../src/notifications/approvals/outbox/outbox.js';
import type { EventDoc } from '../../src/events/model.js';
import type { NotifiedBudget } from '../../src/notifications/notification.js';
import { eventNotFound } from '../failures.js';
import type { NotificationActivityDeps } from './context.js';

/**
 * Makes a budget event's notifications due, once: an event that is done with gets none, whatever channels there are now.
 * @returns the channels that still have to be told
 */
export async function prepareBudgetAlert(
  { events, outbox, publicUrl }: NotificationActivityDeps,
  { orgId, eventId }: { orgId: string; eventId: string },
): Promise<ChannelDue[]> {
  const filter = { _id: eventId, org_id: orgId, type: 'budget.threshold_reached' as const };
  const event = await events.findOne(filter).lean<EventDoc | null>();
  if (!event) throw eventNotFound();
  if (event.due) {
    await outbox.put(budgetNotification(event, publicUrl), { seq: 1, severity: null });
    await events.updateOne({ _id: eventId }, { $set: { due: false } });
  }
  return outbox.dueChannels(orgId, eventId);
}

const budgetNotification = (event: EventDoc, publicUrl: string): Occurrence => ({
  key: event._id,
  moment: 'budget',
  orgId: event.org_id,
  occurredAt: event.occurred_at,
  budget: budgetOf(event.data),
  url: publicUrl,
});

/** Of the event's data what a notification shows; data may be anything. */
function budgetOf(data: string): NotifiedBudget {
  const parsed: unknown = JSON.parse(data);
  const fields = typeof parsed === 'object' && parsed !== null ? (parsed as NotifiedBudget) : {};
  const { wallet_id, threshold_percent, spent, limit, currency, period } = fields;
  return { wallet_id, threshold_percent, spent, limit, currency, period };
}
