import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { canonicalJson } from '../../lib/canonical-json.js';
import type { Notification, NotifiedBudget, NotifiedEscalation } from '../notification.js';
import type { notifiedBudgetSchema, notifiedEscalationSchema } from './payload-schema.js';

export interface WebhookMessage {
  /** `webhook-id`: the same on every try of one notification to one channel. */
  id: string;
  type: string;
  body: Buffer;
}

/** The `type` of each notification. */
export const notificationTypes = {
  created: 'escalation.created',
  claimed: 'escalation.claimed',
  overdue: 'escalation.overdue',
  resolved: 'escalation.resolved',
  budget: 'budget.threshold_reached',
  test: 'notification.test',
} as const satisfies Record<Notification['moment'], string>;

/**
 * The body of a call to a webhook channel: the envelope of our webhooks, compact, keys sorted, texts as they came.
 * @param channelId two channels are told apart, also where one receiver stands behind both
 */
export function formatWebhook(notification: Notification, channelId: string): WebhookMessage {
  const id = messageId(notification, channelId);
  const type = notificationTypes[notification.moment];
  const timestamp = notification.occurredAt.toISOString();
  const envelope = { id, type, timestamp, org_id: notification.orgId, data: dataOf(notification) };
  return { id, type, body: Buffer.from(canonicalJson(envelope), 'utf8') };
}

function messageId({ key, moment, occurredAt }: Notification, channelId: string): string {
  const parts = JSON.stringify([channelId, key, moment, occurredAt.toISOString()]);
  return `ntf_${createHash('sha256').update(parts).digest('hex').slice(0, 32)}`;
}

function dataOf({ moment, escalation, budget }: Notification): object {
  if (moment === 'test') return { test: true };
  return escalation ? escalationData(escalation) : budgetData(budget ?? {});
}

/** Named one by one: nothing leaves that is not meant to. */
function escalationData(of: NotifiedEscalation): z.infer<typeof notifiedEscalationSchema> {
  const { gateway, actor, policy } = of;
  return {
    id: of.id,
    title: of.title,
    severity: of.severity,
    kind: of.kind,
    status: of.status,
    reason: of.reason,
    gateway: gateway && { id: gateway.id, name: gateway.name, environment: gateway.environment },
    actor: actor && { id: actor.id, name: actor.name, email: actor.email, type: actor.type },
    policy: policy && { id: policy.id, name: policy.name },
    claimed_by: of.claimedBy,
    resolution: of.resolution,
    resolved_by: of.resolvedBy,
    breached: of.breached,
    review_url: of.reviewUrl,
    ticket_url: of.ticketUrl,
  };
}

function budgetData(of: NotifiedBudget): z.infer<typeof notifiedBudgetSchema> {
  const { wallet_id, threshold_percent, spent, limit, currency, period } = of;
  return { wallet_id, threshold_percent, spent, limit, currency, period };
}
