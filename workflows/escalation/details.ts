import { ticketWorkflowId } from '../contracts/workflow-ids.js';
import { detailsOf, plain } from '../markdown.js';
import type { EscalationInput, EscalationState } from '../contracts/escalation.js';

type Clock = NonNullable<EscalationState['nextClock']>;

const clockLabels: Record<Clock, string> = { acknowledge: 'claimed', resolve: 'resolved' };

const draining = 'process the changes in the queue. While MongoDB does not answer, see Pending Activities.';

/** Work in progress beside the last drain's result. */
export interface InProgress {
  isDraining: boolean;
  /** How many channels are being notified. */
  notifying: number;
}

/**
 * The Markdown that operators see under «User Metadata»: what the escalation waits for, and what is next and when. It
 * doesn't rely on the summary, which a continued run has lost. The UI cuts it after about four lines, so the ids of the
 * page's title are left out. Ids and states only.
 * @param known the state after the last drain of this run; undefined before the first
 */
export function describeEscalation(
  { orgId, severity }: EscalationInput,
  known: EscalationState | undefined,
  { isDraining, notifying }: InProgress,
): string {
  const ticket = known?.ticketLink ?? null;
  return detailsOf(
    `### ${known ? headline(known) : `Raised, ${plain(severity)}: this run has not read it yet`}`,
    `**Next:** ${known && !isDraining ? next(known, notifying) : draining}`,
    ticket === null
      ? `Of org \`${plain(orgId)}\`, ${known ? 'without a ticket' : 'its ticket not read yet'}.`
      : `Its ticket: \`${plain(ticketWorkflowId(orgId, ticket))}\``,
  );
}

/** The summary of a drain in the timeline. */
export function describeDrain(known: EscalationState | undefined): string {
  if (!known) return 'process its history: events, the ticket, notifications';
  return `${known.status}: process its history after entry ${known.appliedSeq}`;
}

/** The summary of an SLA timer. */
export const describeClock = (clock: Clock) => `SLA: to be ${clockLabels[clock]} by then, else people are notified`;

function headline(known: EscalationState): string {
  const late = known.breached === null ? '' : `, overdue: not ${clockLabels[known.breached]} in time`;
  return `${statusText(known)}${late} · ${plain(known.severity)}, for ${known.kind}`;
}

function statusText({ status, claimedBy, resolution, resolvedBy }: EscalationState): string {
  switch (status) {
    case 'open':
      return 'Open';
    case 'claimed':
      return `Claimed by \`${plain(claimedBy ?? 'unknown')}\``;
    case 'resolved':
      return `Resolved as ${plain(resolution ?? 'unknown')} by \`${plain(resolvedBy ?? 'unknown')}\``;
  }
}

function next({ status, nextClock, nextDueAt }: EscalationState, notifying: number): string {
  const channels = notifying === 1 ? '1 channel is' : `${notifying} channels are`;
  const untold = notifying === 0 ? '' : ` ${channels} not notified yet: see Pending Activities.`;
  if (status === 'resolved')
    return notifying === 0
      ? 'nothing; the workflow ends.'
      : `the workflow ends when all channels are notified.${untold}`;
  const step = status === 'open' ? 'waits for a reviewer to claim it.' : 'waits for the decision.';
  const clock =
    nextDueAt === null || nextClock === null
      ? ''
      : ` To be ${clockLabels[nextClock]} by ${minute(nextDueAt)}, else people are notified.`;
  return `${step}${clock}${untold}`;
}

/**
 * The format of the UI's own times. Rounded down, because a time that is too early does less harm than one that is too
 * late.
 */
const minute = (ms: number) => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
