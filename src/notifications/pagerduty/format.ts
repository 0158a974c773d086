import { createHash } from 'node:crypto';
import type { Severity } from '../../lib/severity.js';
import type { Notification } from '../notification.js';
import { clip, lines, oneLine } from '../../lib/display-text.js';
import { factsOf, headline, linksOf, reasonOf } from '../messages.js';

export type PagerDutyAction = 'trigger' | 'acknowledge' | 'resolve';

export interface PagerDutyEvent {
  event_action: PagerDutyAction;
  dedup_key: string;
  links: { href: string; text: string }[];
  payload?: {
    summary: string;
    source: string;
    severity: 'critical' | 'error' | 'warning' | 'info';
    custom_details: Record<string, string>;
  };
}

const severities = { low: 'info', medium: 'warning', high: 'error', critical: 'critical' } as const satisfies Record<
  Severity,
  string
>;

const actions = {
  created: 'trigger',
  claimed: 'acknowledge',
  // The same key again: PagerDuty adds it to the incident that is open, or opens it again.
  overdue: 'trigger',
  resolved: 'resolve',
  budget: 'trigger',
  test: 'trigger',
} as const satisfies Record<Notification['moment'], PagerDutyAction>;

const maxLengths = { summary: 1024, source: 255, detail: 1024, reason: 8000, dedupKey: 255 };

/**
 * An event for Events API v2, without the routing key. PagerDuty shows every text as it is.
 * @param action in place of the moment's own
 */
export function formatPagerDuty(
  notification: Notification,
  action: PagerDutyAction = actions[notification.moment],
): PagerDutyEvent {
  const { key, moment, orgId, escalation } = notification;
  const { gateway } = escalation ?? {};
  const event: PagerDutyEvent = {
    event_action: action,
    dedup_key: dedupKey(key),
    links: linksOf(notification).map(({ label, url }) => ({ href: url, text: label })),
  };
  if (action !== 'trigger') return event;
  const severity = escalation ? severities[escalation.severity] : moment === 'budget' ? 'warning' : 'info';
  return {
    ...event,
    payload: {
      summary: clip(headline(notification), maxLengths.summary),
      source: clip(oneLine(gateway?.name ?? gateway?.id ?? '') || orgId, maxLengths.source),
      severity,
      custom_details: detailsOf(notification),
    },
  };
}

function detailsOf(notification: Notification): Record<string, string> {
  const reason = lines(reasonOf(notification) ?? '');
  return {
    ...Object.fromEntries(factsOf(notification).map(({ label, value }) => [label, clip(value, maxLengths.detail)])),
    ...(reason !== '' && { Reason: clip(reason, maxLengths.reason) }),
    'Occurred at': notification.occurredAt.toISOString(),
  };
}

/** Ours are short; anything longer is told by its hash, for two keys cut alike would be one incident. */
const dedupKey = (key: string) =>
  key.length <= maxLengths.dedupKey ? key : createHash('sha256').update(key).digest('hex');
