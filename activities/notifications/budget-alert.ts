import type { ChannelDue } from '../../workflows/contracts/notifications.js';
import type { Occurrence } from '../../src/notifications/approvals/outbox/outbox.js';
import type { EventDoc } from '../../src/events/model.js';
import type { NotifiedBudget } from '../../src/notifications/notification.js';
import { eventNotFound } from '../failures.js';
import type { NotificationActivityDeps } from './context.js';

/**
 * Makes the notifications of a budget event due, once. A settled event gets none, whatever channels exist now.
 * @returns the channels that still have to be notified
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

/** The parts of the event's data that a notification shows. The data may have any shape. */
function budgetOf(data: string): NotifiedBudget {
  const parsed: unknown = JSON.parse(data);
  const fields = typeof parsed === 'object' && parsed !== null ? (parsed as NotifiedBudget) : {};
  const { wallet_id, threshold_percent, spent, limit, currency, period } = fields;
  return { wallet_id, threshold_percent, spent, limit, currency, period };
}
