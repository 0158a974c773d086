import type { Severity } from '../lib/severity.js';

/** The moments that a channel may want to hear of. */
export const moments = ['created', 'claimed', 'overdue', 'resolved', 'budget'] as const;
export type Moment = (typeof moments)[number];

/** What people are told. Every text in it comes from outside, and is made harmless by the formatter of each channel. */
export interface Notification {
  /** What it is about: the escalation's id, or the budget event's. One key is one incident in PagerDuty. */
  key: string;
  moment: Moment | 'test';
  orgId: string;
  /** When it happened; the same on every try, for it tells two claims of one escalation apart. */
  occurredAt: Date;
  escalation?: NotifiedEscalation;
  /** The `data` of a `budget.threshold_reached`, as it came. */
  budget?: NotifiedBudget;
  /** Where a notification without an escalation leads to. */
  url?: string;
}

export interface NotifiedEscalation {
  id: string;
  title: string;
  severity: Severity;
  kind: 'review' | 'approval';
  status: 'open' | 'claimed' | 'resolved';
  reason: string | null;
  gateway: { id: string; name?: string | null; environment?: string | null } | null;
  actor: { id?: string | null; name?: string | null; email?: string | null; type?: string | null } | null;
  policy: { id: string; name: string } | null;
  /** Names of people. */
  claimedBy: string | null;
  resolution: string | null;
  resolvedBy: string | null;
  /** The SLA time that passed. */
  breached: 'acknowledge' | 'resolve' | null;
  reviewUrl: string;
  ticketUrl: string | null;
}

/** Documented and not enforced (API.md): any of these may be missing, or anything. */
export interface NotifiedBudget {
  wallet_id?: unknown;
  threshold_percent?: unknown;
  spent?: unknown;
  limit?: unknown;
  currency?: unknown;
  period?: unknown;
}
