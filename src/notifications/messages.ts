import type { Notification, NotifiedBudget, NotifiedEscalation } from './notification.js';
import { linkUrl, oneLine, shown } from '../lib/display-text.js';

export interface Fact {
  label: string;
  /** One line, from outside; not cut. */
  value: string;
}

export interface Link {
  label: string;
  url: string;
}

/** What happened, in one line that begins with our own words; what follows is from outside. Not cut. */
export function headline({ moment, escalation, budget }: Notification): string {
  if (moment === 'test') return 'Test notification from Drawbridge';
  if (moment === 'budget') return budgetHeadline(budget ?? {});
  return escalation
    ? `${escalationHeadline(moment, escalation)}: ${oneLine(escalation.title)}`
    : `Escalation ${moment}`;
}

function escalationHeadline(moment: 'created' | 'claimed' | 'overdue' | 'resolved', of: NotifiedEscalation): string {
  switch (moment) {
    case 'created':
      return of.kind === 'approval' ? `Approval needed (${of.severity})` : `New ${of.severity} escalation`;
    case 'claimed':
      return `Claimed${by(of.claimedBy)}`;
    case 'overdue':
      return of.breached === 'resolve' ? 'Overdue, not resolved in time' : 'Overdue, not claimed in time';
    case 'resolved':
      return `Resolved${of.resolution ? ` as ${oneLine(of.resolution)}` : ''}${by(of.resolvedBy)}`;
  }
}

function budgetHeadline(budget: NotifiedBudget): string {
  const percent = shown(budget.threshold_percent);
  const wallet = shown(budget.wallet_id);
  return `Budget threshold reached${percent ? `: ${percent} %` : ''}${wallet ? ` of wallet ${wallet}` : ''}`;
}

/** What it is about, at most ten facts; those without a value are missing. */
export function factsOf({ orgId, moment, escalation, budget }: Notification): Fact[] {
  const named: [string, unknown][] = escalation
    ? escalationFacts(escalation)
    : moment === 'budget'
      ? budgetFacts(budget ?? {})
      : [];
  return [...named, ['Org', orgId] as const].flatMap(([label, raw]) => {
    const value = shown(raw);
    return value === null ? [] : [{ label, value }];
  });
}

function escalationFacts(of: NotifiedEscalation): [string, unknown][] {
  const { gateway, actor } = of;
  return [
    ['Severity', of.severity],
    ['Status', of.status],
    ['Gateway', gateway && joined(gateway.name ?? gateway.id, gateway.environment)],
    ['Actor', actor && joined(actor.name ?? actor.id ?? actor.email, actor.name ? actor.email : actor.type)],
    ['Policy', of.policy?.name],
    ['Claimed by', of.claimedBy],
    ['Resolution', of.resolution],
    ['Resolved by', of.resolvedBy],
    ['Escalation', of.id],
  ];
}

const budgetFacts = (of: NotifiedBudget): [string, unknown][] => [
  ['Wallet', of.wallet_id],
  ['Threshold in %', of.threshold_percent],
  ['Spent', of.spent],
  ['Limit', of.limit],
  ['Currency', of.currency],
  ['Period', of.period],
];

/** Where to go from here, the review page first. */
export function linksOf({ escalation, url }: Notification): Link[] {
  const links: [string, string | null | undefined][] = escalation
    ? [
        ['Review', escalation.reviewUrl],
        ['Ticket', escalation.ticketUrl],
      ]
    : [['Open Drawbridge', url]];
  return links.flatMap(([label, raw]) => {
    const target = linkUrl(raw);
    return target === null ? [] : [{ label, url: target }];
  });
}

/** The longer text, if there is one. */
export function reasonOf({ moment, escalation }: Notification): string | null {
  if (moment === 'test') return 'This channel is set up: notifications of the org will arrive here.';
  return escalation?.reason ?? null;
}

const by = (name: string | null) => (name ? ` by ${oneLine(name)}` : '');

/** `name (more)`, of what there is. */
function joined(name: unknown, more: unknown): string | null {
  const [first, second] = [shown(name), shown(more)];
  return first && second ? `${first} (${second})` : (first ?? second);
}
